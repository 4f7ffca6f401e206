/// A command as it goes over the wire.
///
/// Format: https://redis.io/docs/latest/develop/reference/protocol-spec/ (RESP2, read 2026-11): an array of byte strings.
package struct RedisCommand: Sendable, Equatable {
    /// Ready to be sent.
    let bytes: [UInt8]

    /// - Parameter arguments: the command's name first.
    package init(_ arguments: [[UInt8]]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(arguments.reduce(16) { $0 + $1.count + 16 })
        bytes += "*\(arguments.count)\r\n".utf8
        for argument in arguments {
            bytes += "$\(argument.count)\r\n".utf8
            bytes += argument
            bytes += "\r\n".utf8
        }
        self.bytes = bytes
    }

    /// - Parameter arguments: the command's name first.
    package init(_ arguments: String...) {
        self.init(arguments.map { Array($0.utf8) })
    }
}
