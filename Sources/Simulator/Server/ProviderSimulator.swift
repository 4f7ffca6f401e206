package import Hummingbird
package import Logging

/// A provider that is not there: it answers `POST /chat/completions`, `/messages`, `/messages/count_tokens`,
/// `/embeddings` and `GET /models`, with and without `/v1` before them, as vendors do, keeps their prompt-cache books
/// and fails as it is told (``FaultRules``, ``RequestDirectives``). Answers follow from the request; tokens are counted
/// by ``SimulatedTokenizer``.
///
/// For tests: `GET /_simulator/requests` shows the last hundred requests, `DELETE` clears them, and
/// `GET /_simulator/stats` counts started, finished, cancelled and broken answers. `/health` needs no key.
package struct ProviderSimulator: Sendable {
    private let engine: SimulatorEngine
    private let logger: Logger

    /// A simulator with empty books; nothing listens before ``makeApplication(onServerRunning:)`` is run.
    package init(configuration: SimulatorConfiguration, logger: Logger) {
        engine = SimulatorEngine(configuration: configuration)
        self.logger = logger
    }

    /// A server to run by itself or in a service group. Each call makes another one over the same books.
    /// - Parameter onServerRunning: told the port once connections are accepted.
    package func makeApplication(
        onServerRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        Application(
            router: makeRouter(),
            server: .http1(
                configuration: .init(additionalChannelHandlers: [ClientWatchHandler()])),
            configuration: ApplicationConfiguration(
                address: .hostname(engine.configuration.host, port: engine.configuration.port),
                serverName: "simulator"),
            onServerRunning: { await onServerRunning($0.localAddress?.port ?? 0) },
            logger: logger)
    }

    private func makeRouter() -> Router<SimulatorContext> {
        let router = Router(context: SimulatorContext.self)
        let chat = ChatRoutes(engine: engine)
        for base in ["", "/v1"] {
            router.post("\(base)/chat/completions") { request, context in
                try await received(request) { try await chat.openAI($0, body: $1, context: context) }
            }
            router.post("\(base)/messages") { request, context in
                try await received(request) { try await chat.anthropic($0, body: $1, context: context) }
            }
            router.post("\(base)/messages/count_tokens") { request, _ in
                try await received(request) { chat.count($0, body: $1) }
            }
            router.post("\(base)/embeddings") { request, _ in
                try await received(request) { embeddings($0, body: $1) }
            }
            router.get("\(base)/models") { request, _ in
                try await received(request) { request, _ in models(request) }
            }
        }
        addInspection(to: router)
        return router
    }

    private func addInspection(to router: Router<SimulatorContext>) {
        router.get("/health") { _, _ in Response.json(["status": "ok"]) }
        router.get("/_simulator/requests") { [engine] _, _ in Response.json(engine.log.tree) }
        router.delete("/_simulator/requests") { [engine] _, _ in
            engine.log.clear()
            return Response(status: .noContent)
        }
        router.get("/_simulator/stats") { [engine] _, _ in Response.json(engine.counts.tree) }
    }

    /// Collects the body, writes the request into the log, then answers.
    private func received(
        _ request: Request, _ answer: (Request, ByteBuffer) async throws -> Response
    ) async throws -> Response {
        var request = request
        let body: ByteBuffer
        do {
            body = try await request.collectBody(upTo: engine.configuration.maxRequestBytes)
        } catch {
            return .openAI(
                OpenAIError(RequestProblem(status: 413, message: "The request is too large.")), identifier: "0")
        }
        engine.log.add(
            RequestLog.Entry(
                method: request.method.rawValue, path: request.uri.description,
                headers: request.headers.map { ($0.name.canonicalName, $0.value) },
                body: String(buffer: body)))
        return try await answer(request, body)
    }

    private func embeddings(_ request: Request, body: ByteBuffer) -> Response {
        let identifier = engine.draw().identifier
        if let refusal = engine.refusal(ofKey: request.simulatorKey) {
            return .openAI(OpenAIError(refusal), identifier: identifier)
        }
        do {
            return .json(try Embedding.answer(to: try body.tree()))
        } catch {
            return .openAI(OpenAIError(error), identifier: identifier)
        }
    }

    private func models(_ request: Request) -> Response {
        if let refusal = engine.refusal(ofKey: request.simulatorKey) {
            return .openAI(OpenAIError(refusal), identifier: engine.draw().identifier)
        }
        let models = engine.configuration.models.map { name -> JSONTree in
            ["id": .string(name), "object": "model", "created": 1_767_225_600, "owned_by": "simulator"]
        }
        return .json(["object": "list", "data": .array(models)])
    }
}
