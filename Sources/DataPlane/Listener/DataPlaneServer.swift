package import Metering
package import NIOCore
package import NIOPosix
import NIOSSL
import Settings

/// The data plane of one process: listeners and event loops, from start to drain.
package final class DataPlaneServer: Sendable {
    private let shared: DataPlaneShared
    private let group: MultiThreadedEventLoopGroup
    private let loops: DataLoops
    private let listener: any Channel

    /// Where it listens; port 0 has become the kernel's choice.
    package var localAddress: SocketAddress? { listener.localAddress }
    package var localPort: Int { listener.localAddress?.port ?? 0 }

    private init(
        shared: DataPlaneShared, group: MultiThreadedEventLoopGroup, loops: DataLoops, listener: any Channel
    ) {
        self.shared = shared
        self.group = group
        self.loops = loops
        self.listener = listener
    }

    /// Opens the listener.
    ///
    /// - Parameter makeJournalWriter: called once for each event loop.
    /// - Throws: where the address is taken or the certificate cannot be read.
    package static func start(
        shared: DataPlaneShared, group: MultiThreadedEventLoopGroup,
        makeJournalWriter: @escaping @Sendable () throws -> any JournalWriter
    ) async throws -> DataPlaneServer {
        let loops = DataLoops()
        for eventLoop in group.makeIterator() {
            try await eventLoop.submit {
                loops.add(DataLoop(eventLoop: eventLoop, shared: shared, journal: try makeJournalWriter()))
            }.get()
        }
        let tls = try shared.server.tls.map { try ListenerTLS.context(for: $0) }
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 8192)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try install(on: channel, loop: loops.loop(of: channel.eventLoop), tls: tls)
                }
            }
            .bind(host: shared.server.listen.host, port: shared.server.listen.port).get()
        return DataPlaneServer(shared: shared, group: group, loops: loops, listener: listener)
    }

    private static func install(on channel: any Channel, loop: DataLoop?, tls: NIOSSLContext?) throws {
        guard let loop else { throw ChannelError.inappropriateOperationForState }
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        try pipeline.addHandler(HTTP1ClientHandler(loop: loop))
    }

    /// Takes no new connection, lets running exchanges finish within the drain time, then ends what is left.
    package func drain() async {
        shared.isDraining = true
        try? await listener.close().get()
        let deadline = ContinuousClock.now + shared.server.drainTimeout
        while shared.inFlight > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for eventLoop in group.makeIterator() {
            let loops = loops
            try? await eventLoop.submit { loops.loop(of: eventLoop)?.shutDown() }.get()
        }
    }
}

/// The `DataLoop` of each event loop; each is touched on its own loop alone.
final class DataLoops: @unchecked Sendable {  // filled before the listener opens, read-only from then on
    private var loops: [ObjectIdentifier: DataLoop] = [:]

    func add(_ loop: DataLoop) {
        loops[ObjectIdentifier(loop.eventLoop)] = loop
    }

    func loop(of eventLoop: any EventLoop) -> DataLoop? {
        loops[ObjectIdentifier(eventLoop)]
    }
}
