package import Hummingbird
package import Logging

/// A provider that is not there: it answers in the forms of OpenAI (chat, Responses and the smaller paths), Anthropic and
/// Gemini, and in DashScope's own where that has more (images, speech, ranking); keeps their prompt-cache books, refuses what they refuse, and fails as it is told (``FaultRules``,
/// ``RequestDirectives``). Answers follow from the request; tokens are counted by ``SimulatedTokenizer``. OpenAI's and
/// Anthropic's paths are there with and without `/v1` before them, Gemini's below `/v1beta/models` and `/v1/models`,
/// DashScope's below `/api/v1/services`, and what its compatible mode has of OpenAI's below `/compatible-mode/v1`.
///
/// For tests: `GET /_simulator/requests` shows the last hundred requests, `DELETE` clears them, and
/// `GET /_simulator/stats` counts started, finished, cancelled and broken answers; `GET /_simulator/books` tells the
/// account whose key asks what it used, read from the cache and wrote. `/health` needs no key.
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
        let media = MediaRoutes(chat: chat)
        for base in ["", "/v1"] {
            let paths: [(String, @Sendable (ChatRoutes.Call) async throws -> Response)] = [
                ("chat/completions", chat.openAI), ("responses", chat.responses), ("messages", chat.anthropic),
                ("messages/count_tokens", chat.count), ("embeddings", media.embeddings),
                ("images/generations", media.imageGenerations), ("images/edits", media.imageEdits),
                ("audio/speech", media.speech), ("audio/transcriptions", media.transcriptions),
                ("moderations", media.moderations), ("rerank", media.rerank),
            ]
            for (path, answer) in paths {
                router.post("\(base)/\(path)") { try await received($0, $1, answer) }
            }
        }
        addDashScope(to: router, chat: chat, media: media)
        addModels(to: router, chat: chat)
        addInspection(to: router)
        return router
    }

    private func addDashScope(to router: Router<SimulatorContext>, chat: ChatRoutes, media: MediaRoutes) {
        let own = DashScopeRoutes(chat: chat)
        let paths: [(String, @Sendable (ChatRoutes.Call) async throws -> Response)] = [
            ("compatible-mode/v1/chat/completions", chat.openAI), ("compatible-mode/v1/responses", chat.responses),
            ("compatible-mode/v1/embeddings", media.embeddings),
            ("api/v1/services/aigc/multimodal-generation/generation", own.generate),
            ("api/v1/services/audio/tts/SpeechSynthesizer", own.synthesize),
            ("api/v1/services/rerank/text-rerank/text-rerank", own.rank),
        ]
        for (path, answer) in paths {
            router.post("/\(path)") { try await received($0, $1, answer) }
        }
    }

    private func addModels(to router: Router<SimulatorContext>, chat: ChatRoutes) {
        let gemini = GeminiRoutes(chat: chat)
        let models = ModelRoutes(engine: engine)
        for base in ["", "/v1", "/v1beta"] {
            let dialect: Dialect? = base == "/v1beta" ? .gemini : nil
            router.get("\(base)/models") { request, context in
                try await received(request, context) { models.list($0.request, in: dialect) }
            }
            router.get("\(base)/models/:model") { request, context in
                let model = context.pathModel
                return try await received(request, context) { models.one(model, $0.request, in: dialect) }
            }
            router.post("\(base)/models/:model") { request, context in
                let target = context.pathModel
                return try await received(request, context) { try await gemini.answer($0, target: target) }
            }
        }
    }

    private func addInspection(to router: Router<SimulatorContext>) {
        router.get("/health") { _, _ in Response.json(["status": "ok"]) }
        router.get("/_simulator/requests") { [engine] _, _ in Response.json(engine.log.tree) }
        router.delete("/_simulator/requests") { [engine] _, _ in
            engine.log.clear()
            return Response(status: .noContent)
        }
        router.get("/_simulator/books") { [engine] request, _ in
            Response.json(engine.books(ofAccount: request.headers.bearer ?? ""))
        }
        router.get("/_simulator/stats") { [engine] _, _ in Response.json(engine.counts.tree) }
    }

    /// Collects the body, writes the request into the log, then answers.
    private func received(
        _ request: Request, _ context: SimulatorContext, _ answer: (ChatRoutes.Call) async throws -> Response
    ) async throws -> Response {
        var request = request
        let body: ByteBuffer
        do {
            body = try await request.collectBody(upTo: engine.configuration.maxRequestBytes)
        } catch {
            return Dialect.openAI.refusal(
                RequestProblem(status: 413, message: "The request is too large."), identifier: "0")
        }
        engine.log.add(
            RequestLog.Entry(
                method: request.method.rawValue, path: RequestLog.masked(path: request.uri.description),
                headers: request.headers.map { ($0.name.canonicalName, $0.value) },
                body: String(buffer: body)))
        return try await answer(ChatRoutes.Call(request: request, body: body, context: context))
    }
}
