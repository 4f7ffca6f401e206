import Gateway
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Routing
import Settings

/// Makes one connection: name, address check, TCP, proxy, TLS.
struct UpstreamConnector {
    let endpoint: UpstreamEndpoint
    let loop: DataLoop

    /// Why a connection was not made, where no library's error says it.
    enum Refusal: Error {
        /// Every address of the name is in a range that the configuration does not allow.
        case privateAddress
        /// The proxy answered CONNECT with another status than 200.
        case proxy(status: Int)
        case tunnelBroken
    }

    func connect(pool: UpstreamPool) -> EventLoopFuture<UpstreamConnection> {
        let eventLoop = loop.eventLoop
        let first = endpoint.proxy ?? endpoint.url
        let handlers = NIOLoopBound((loop: loop, pool: pool, endpoint: endpoint), eventLoop: eventLoop)
        let promise = eventLoop.makePromise(of: UpstreamConnection.self)
        let ready = NIOLoopBound(ConnectionReady(promise: promise), eventLoop: eventLoop)
        let resolver = GuardedResolver(
            eventLoop: eventLoop, allowsPrivate: endpoint.allowsPrivate || endpoint.proxy != nil)
        ClientBootstrap(group: eventLoop)
            .resolver(resolver)
            .connectTimeout(.nanoseconds(endpoint.connectTimeout.nanoseconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.install(on: channel, handlers.value, ready: ready.value)
                }
            }
            .connect(host: first.host, port: first.port)
            .whenComplete { result in
                switch result {
                case .success: ready.value.tcpConnected(isPlain: handlers.value.endpoint.needsNoHandshake)
                case .failure(let error): ready.value.failed(error)
                }
            }
        return promise.futureResult
    }

    private static func install(
        on channel: any Channel, _ parts: (loop: DataLoop, pool: UpstreamPool, endpoint: UpstreamEndpoint),
        ready: ConnectionReady
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let connection = UpstreamConnection(pool: parts.pool)
        ready.connection = connection
        let endpoint = parts.endpoint
        var tls: NIOSSLClientHandler?
        if endpoint.url.isTLS {
            let context = try parts.loop.shared.tls.context(caFile: endpoint.caFile)
            let isNumeric = (try? SocketAddress(ipAddress: endpoint.url.host, port: 0)) != nil
            tls = try NIOSSLClientHandler(context: context, serverHostname: isNumeric ? nil : endpoint.url.host)
        }
        if endpoint.proxy != nil {
            try pipeline.addHandler(
                ProxyTunnelHandler(target: endpoint.url, proxy: endpoint.proxy, tls: tls, ready: ready))
        } else if let tls {
            try pipeline.addHandler(tls)
            try pipeline.addHandler(HandshakeObserver(ready: ready))
        }
        try pipeline.addHandler(connection)
    }

    /// A failure to connect in the words retries and metrics use.
    static func failure(of error: any Error) -> FailureClass {
        switch error {
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: .tlsFailed
        case ChannelError.connectTimeout: .connectTimeout
        default: .connectFailed
        }
    }
}

extension UpstreamEndpoint {
    /// Usable once TCP is connected.
    var needsNoHandshake: Bool { proxy == nil && !url.isTLS }
}

/// Tells the pool, once, that a connection can be used or cannot be had. Confined to its event loop.
final class ConnectionReady {
    private var promise: EventLoopPromise<UpstreamConnection>?
    var connection: UpstreamConnection?

    init(promise: EventLoopPromise<UpstreamConnection>) {
        self.promise = promise
    }

    func tcpConnected(isPlain: Bool) {
        if isPlain { succeeded() }
    }

    func succeeded() {
        guard let promise, let connection else { return }
        self.promise = nil
        promise.assumeIsolated().succeed(connection)
    }

    func failed(_ error: any Error) {
        guard let promise else { return }
        self.promise = nil
        promise.fail(error)
    }
}

/// Waits for the TLS handshake's end.
final class HandshakeObserver: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let ready: ConnectionReady

    init(ready: ConnectionReady) {
        self.ready = ready
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            ready.succeeded()
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        ready.failed(error)
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ready.failed(UpstreamConnector.Refusal.tunnelBroken)
        context.fireChannelInactive()
    }
}
