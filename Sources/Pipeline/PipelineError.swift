internal import Wire

/// Why a request cannot go on. It is the client's to mend: 400.
package enum PipelineError: Error, Equatable {
    /// `param` names the field at fault in the form's own spelling; nil: the whole body.
    case invalidRequest(message: String, param: String?)
}

extension PipelineError {
    init(_ error: ConversationError) {
        self = .invalidRequest(message: error.message, param: error.param)
    }

    init(_ error: RequestError) {
        switch error {
        case .invalid(let param, let message): self = .invalidRequest(message: message, param: param)
        }
    }
}
