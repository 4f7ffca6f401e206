package import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore

/// The second plane: the admin API, the metrics page and the front page, on their own listener.
package struct ControlPlaneServer: Sendable {
    /// A connection that is silent for so long is closed, mid-request or not.
    private static let idleTimeout = TimeAmount.seconds(60)
    private static let maximumConnections = 1_024

    /// What answers; tests call it without a socket.
    package let responder: ControlPlaneResponder

    package init(ports: ControlPlanePorts) {
        responder = ControlPlaneResponder(routes: Self.routes(ports), adminKeyDigest: ports.adminKeyDigest)
    }

    /// The listener, as a service that runs until it is asked to shut down and then finishes what it has begun.
    ///
    /// - Parameters:
    ///   - address: a host name or a numeric address.
    ///   - port: 0 asks the kernel for a free one.
    ///   - onServerRunning: called once it listens, with the port it listens on.
    package func makeApplication(
        address: String, port: Int, onServerRunning: @escaping @Sendable (Int) async -> Void, logger: Logger
    ) -> Application<ControlPlaneResponder> {
        let channel = HTTP1Channel.Configuration(
            idleTimeout: Self.idleTimeout,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16_384, maxHeaderListSize: 65_536, maxHeaderFieldCount: 100))
        return Application(
            responder: responder, server: .http1(configuration: channel),
            configuration: ApplicationConfiguration(
                address: .hostname(address, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections, logger: logger)),
            onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? port) }, logger: logger)
    }

    /// Everything there is; `/openapi.json` describes this table, itself included.
    static func routes(_ ports: ControlPlanePorts) -> [Route] {
        var routes =
            UserRoutes(ports: ports).routes + KeyRoutes(ports: ports).routes + AccountRoutes(ports: ports).routes
            + RequestRoutes(ports: ports).routes + CacheRoutes(ports: ports).routes + PriceRoutes(ports: ports).routes
            + OperationRoutes(ports: ports).routes + PlannedRoutes.routes + PageRoutes(ports: ports).routes
        routes.append(OpenAPIDescription.route(describing: routes))
        return routes
    }
}
