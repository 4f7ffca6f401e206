import Wire

/// How a response ended, in the form's words.
enum ResponsesStatus: Sendable, Equatable {
    case completed
    case incomplete(reason: StaticString)
    case failed

    /// - Parameter hasRefusal: the model said itself that it would not answer; without such words a refusal is the filter's.
    init(_ stop: StopReason?, hasRefusal: Bool) {
        switch stop {
        case nil, .endOfTurn, .stopSequence, .toolCalls, .pause: self = .completed
        case .refusal: self = hasRefusal ? .completed : .incomplete(reason: "content_filter")
        case .length: self = .incomplete(reason: "max_output_tokens")
        case .filtered: self = .incomplete(reason: "content_filter")
        case .brokenToolCall: self = .failed
        }
    }

    var name: StaticString {
        switch self {
        case .completed: "completed"
        case .incomplete: "incomplete"
        case .failed: "failed"
        }
    }

    /// The status of the last item.
    var itemName: StaticString { self == .completed ? "completed" : "incomplete" }

    static func == (left: ResponsesStatus, right: ResponsesStatus) -> Bool {
        switch (left, right) {
        case (.completed, .completed), (.failed, .failed), (.incomplete, .incomplete): true
        case (.completed, _), (.failed, _), (.incomplete, _): false
        }
    }

    /// Why a response ended.
    ///
    /// - Parameters:
    ///   - response: the response's object.
    ///   - hasCalls: it calls tools of the client's.
    /// - Returns: nil where the response has not ended well: it failed, was cancelled, or goes on.
    static func stop(of response: Int, in text: ResponsesText, hasCalls: Bool, hasRefusal: Bool) -> StopReason? {
        let status = text.member("status", of: response)
        if let status, text.equals(status, "incomplete") {
            guard let details = text.member("incomplete_details", of: response),
                let reason = text.member("reason", of: details), text.equals(reason, "content_filter")
            else { return .length }
            return .filtered
        }
        if let status, !text.equals(status, "completed") { return nil }
        return hasCalls ? .toolCalls : hasRefusal ? .refusal : .endOfTurn
    }
}
