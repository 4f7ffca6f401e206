import CHiredis

/// Makes our replies where hiredis' parser would make its own, which it sizes as the server says: a server that promises two
/// thousand million elements would have them allocated.
enum RedisReplyReader {
    /// What hiredis passes on as an opaque pointer.
    private final class Box {
        let reply: RedisReply

        init(_ reply: RedisReply) { self.reply = reply }
    }

    /// The functions for a `redisReader`, which keeps a pointer to them as long as it lives.
    static func makeFunctions() -> UnsafeMutablePointer<redisReplyObjectFunctions> {
        let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
        functions.initialize(
            to: redisReplyObjectFunctions(
                createString: { task, text, count in
                    RedisReplyReader.makeText(type: task?.pointee.type, text, count: count)
                },
                // Nil fails the parser: see `RedisReply`.
                createArray: { _, _ in nil },
                createInteger: { _, number in RedisReplyReader.retained(.integer(Int64(number))) },
                createNil: { _ in RedisReplyReader.retained(.null) },
                freeObject: { object in if let object { Unmanaged<Box>.fromOpaque(object).release() } }))
        return functions
    }

    /// Takes over what the parser gave.
    static func take(_ object: UnsafeMutableRawPointer) -> RedisReply {
        Unmanaged<Box>.fromOpaque(object).takeRetainedValue().reply
    }

    private static func makeText(
        type: Int32?, _ text: UnsafeMutablePointer<CChar>?, count: Int
    ) -> UnsafeMutableRawPointer? {
        let bytes = UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : count)
        switch type {
        case REDIS_REPLY_STATUS: return retained(.status(String(decoding: bytes, as: UTF8.self)))
        case REDIS_REPLY_ERROR: return retained(.error(String(decoding: bytes, as: UTF8.self)))
        default: return retained(.bytes(Array(bytes)))
        }
    }

    private static func retained(_ reply: RedisReply) -> UnsafeMutableRawPointer? {
        Unmanaged.passRetained(Box(reply)).toOpaque()
    }
}
