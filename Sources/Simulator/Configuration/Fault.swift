/// One way in which a vendor fails.
package enum Fault: Sendable, Equatable {
    /// An error answer with this status, 400…599, in the vendor's form.
    case status(Int)
    /// The connection is reset before the answer's head.
    case reset
    /// Silence until the client leaves: after the head and that many events of a stream; nil: not even a head.
    case stall(after: Int?)
    /// The connection is closed after that many events of a stream, or in the middle of a whole answer.
    case cut(after: Int)
    /// A stream with an event that is no JSON, or a whole answer whose JSON ends in the middle.
    case garbage
    /// Ten times the latency, a second at least, and ten times the token interval.
    case slow
    /// After that many events of a stream an error event, then the end; a whole answer is a 500 instead.
    case streamError(after: Int)

    /// `500`, `reset`, `stall`, `stall=2`, `cut`, `cut=3`, `garbage`, `slow`, `stream-error`, `stream-error=3`.
    package init?(name: String, count: Int? = nil) {
        if let count, count < 0 { return nil }
        switch name {
        case "reset" where count == nil: self = .reset
        case "garbage" where count == nil: self = .garbage
        case "slow" where count == nil: self = .slow
        case "stall": self = .stall(after: count)
        case "cut": self = .cut(after: count ?? 2)
        case "stream-error": self = .streamError(after: count ?? 2)
        default:
            guard count == nil, let status = Int(name), (400...599).contains(status) else { return nil }
            self = .status(status)
        }
    }
}
