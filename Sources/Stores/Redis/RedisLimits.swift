/// How long a connection to Redis waits, and how much it holds.
package struct RedisLimits: Sendable, Equatable {
    /// For each address of the server, and for each answer while logging in.
    package var connectTimeout = Duration.seconds(1)
    /// A server that owes answers and says nothing for so long is left.
    package var silence = Duration.milliseconds(500)
    /// From a command's sending to its answer's end. One that is later ends the connection, however much is heard: on one
    /// connection answers come in order, so whatever is behind it would be later still.
    package var commandTimeout = Duration.seconds(2)
    /// Without a command for so long, the server is asked whether it is there.
    package var idlePing = Duration.seconds(5)
    /// The pause after a first failure; each further one doubles it.
    package var shortestBackoff = Duration.milliseconds(100)
    package var longestBackoff = Duration.seconds(5)
    /// Commands without an answer; one more is refused.
    package var maximumCommands = 8_192
    /// The bytes of commands without an answer.
    package var maximumBytes = 64 << 20
    /// A longer answer ends the connection.
    package var maximumReplyBytes = 4 << 20

    package init() {}
}
