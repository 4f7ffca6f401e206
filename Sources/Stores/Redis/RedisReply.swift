/// One answer of a Redis server. Arrays are left out: no command of ours is answered with one.
package enum RedisReply: Sendable, Equatable {
    /// There is no such value.
    case null
    case integer(Int64)
    /// A word such as `OK` or `PONG`.
    case status(String)
    case bytes([UInt8])
    /// The server does not do this one command; the first word is the kind: `WRONGTYPE`, `LOADING`, `READONLY`…
    case error(String)
}
