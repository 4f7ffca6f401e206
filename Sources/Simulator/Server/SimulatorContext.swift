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
