/// Why a body is no chat completion request that any vendor would take.
package enum RequestError: Error, Equatable {
    /// `param` names the field in the form's own spelling (`messages[0].role`), nil where the whole body is at fault;
    /// `message` names the field and what it must be. Neither repeats the body's values.
    case invalid(param: String?, message: String)

    package init(_ error: JSONError) {
        let message: String
        switch error {
        case .invalid(let offset): message = "The request body is not valid JSON: byte \(offset) cannot stand there."
        case .tooDeep(let offset):
            message = "The request body is nested too deeply: one level too many at byte \(offset)."
        case .tooManyNodes: message = "The request body has too many JSON values."
        case .tooLarge: message = "The request body is too large to be read."
        }
        self = .invalid(param: nil, message: message)
    }
}
