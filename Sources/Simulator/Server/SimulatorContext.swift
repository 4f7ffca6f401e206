import Hummingbird
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a request carries through the simulator: its connection, so that faults can break it.
struct SimulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The path's `:model`, decoded.
    var pathModel: String {
        let coded = parameters.get("model") ?? ""
        var bytes: [UInt8] = []
        var rest = coded.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            guard byte == UInt8(ascii: "%"), digits.count == 2 else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(truncatingIfNeeded: digits[0] << 4 | digits[1]))
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The connection's watch.
    func watch() async -> ClientWatch {
        let channel = channel
        let found = try? await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: ClientWatchHandler.self).watch
        }.get()
        return found ?? ClientWatch()
    }

    /// Breaks the connection so that the client sees a reset, not an end.
    func reset() async {
        if let socket = channel as? any SocketOptionProvider {
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await channel.close().get()
    }
}
