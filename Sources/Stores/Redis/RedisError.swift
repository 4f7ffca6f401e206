/// Why Redis did not do as it was asked. The texts are for the log, not for clients; none holds a password.
package enum RedisError: Error, Equatable, CustomStringConvertible {
    /// There is no connection now; another attempt is made in the background.
    case notConnected
    /// No connection could be made.
    case unreachable(String)
    /// The server answers, but lets us not in: a wrong password, a database that it does not have.
    case refused(String)
    /// The connection broke off with the command under way; whether it was carried out is not known.
    case disconnected(String)
    /// No answer in time; whether the command was carried out is not known.
    case timedOut
    /// The server's bytes are not an answer that we asked for.
    case malformed(String)
    /// Too much waits for the server already: this command was not sent.
    case overloaded
    /// The connection was closed by its owner.
    case closed
    /// The system gives no thread, or no descriptor; the `errno`.
    case noResources(errno: Int32)

    package var description: String {
        switch self {
        case .notConnected: "not connected"
        case .unreachable(let reason): "unreachable: \(reason)"
        case .refused(let reason): "refused: \(reason)"
        case .disconnected(let reason): "connection lost: \(reason)"
        case .timedOut: "no answer in time"
        case .malformed(let reason): "not an answer of Redis: \(reason)"
        case .overloaded: "too many commands under way"
        case .closed: "closed"
        case .noResources(let code): "no thread or descriptor left, errno \(code)"
        }
    }
}
