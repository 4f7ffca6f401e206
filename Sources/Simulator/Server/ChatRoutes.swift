import Hummingbird
import NIOCore

/// The chat paths of all forms.
struct ChatRoutes: Sendable {
    /// One request as it came in.
    struct Call: Sendable {
        let request: Request
        let body: ByteBuffer
        let context: SimulatorContext

        var header: String? { request.headers.simulate }
    }

    let engine: SimulatorEngine

    /// `POST /chat/completions`
    func openAI(_ call: Call) async throws -> Response {
        try await answer(call, in: .openAI, vendor: vendor) { () throws(RequestProblem) in
            try SimulatedRequest(openAI: try call.body.tree(), header: call.header)
        } form: { request, identifier, cache in
            OpenAIForm(
                request: request, identifier: identifier, created: engine.created, vendor: vendor(of: request),
                cache: cache)
        }
    }

    /// `POST /responses`
    func responses(_ call: Call) async throws -> Response {
        try await answer(call, in: .openAI, vendor: vendor) { () throws(RequestProblem) in
            try SimulatedRequest(responses: try call.body.tree(), header: call.header)
        } form: { request, identifier, cache in
            ResponsesForm(request: request, identifier: identifier, created: engine.created, cache: cache)
        }
    }

    /// `POST /messages`
    func anthropic(_ call: Call) async throws -> Response {
        try await answer(call, in: .anthropic) { () throws(RequestProblem) in
            try SimulatedRequest(
                anthropic: try call.body.tree(), version: try Self.version(of: call), header: call.header)
        } form: { request, identifier, cache in
            AnthropicForm(request: request, identifier: identifier, cache: cache)
        }
    }

    /// `POST /messages/count_tokens`
    func count(_ call: Call) async throws -> Response {
        try await reply(call, in: .anthropic) { (_) throws(RequestProblem) in
            let request = try SimulatedRequest(
                anthropic: try call.body.tree(), version: try Self.version(of: call), header: call.header,
                counting: true)
            return (request.directives, .json(["input_tokens": .int(request.prompt.tokenCount)]))
        }
    }

    private func vendor(of request: SimulatedRequest) -> SimulatedVendor {
        engine.configuration.vendor ?? .of(model: request.baseModel)
    }

    private static func version(of call: Call) throws(RequestProblem) -> AnthropicVersion {
        guard let text = call.request.headers.value(.anthropicVersion) else {
            throw RequestProblem(message: "anthropic-version: header is required", parameter: "anthropic-version")
        }
        guard let version = AnthropicVersion(rawValue: text) else {
            throw RequestProblem(
                message: "anthropic-version: '\(text)' is not a valid version.", parameter: "anthropic-version")
        }
        return version
    }
}

extension ChatRoutes {
    /// Checks the key, reads the request, answers it through the cache book and the faults.
    /// - Parameter vendor: whose cache rule holds; nil: the dialect's own vendor.
    func answer(
        _ call: Call, in dialect: Dialect, vendor: ((SimulatedRequest) -> SimulatedVendor)? = nil,
        read: () throws(RequestProblem) -> SimulatedRequest,
        form: (SimulatedRequest, String, CacheReading) -> some AnswerForm
    ) async throws -> Response {
        let draw = engine.draw()
        let key = dialect.key(of: call.request)
        if let refusal = engine.refusal(ofKey: key) {
            return dialect.refusal(refusal, identifier: draw.identifier)
        }
        let request: SimulatedRequest
        do {
            request = try read()
        } catch {
            return dialect.refusal(error, identifier: draw.identifier)
        }
        let answer = AnswerComposer(request: request, identifier: draw.identifier).answer()
        let vendor = vendor?(request) ?? engine.vendor(of: dialect)
        let reading = engine.read(request, answer: answer, by: vendor, account: key ?? "")
        let reply = Reply(
            answer, in: form(request, draw.identifier, reading), streams: request.streams,
            begins: { [engine] in
                engine.store(reading, of: request, answer: answer, account: key ?? "")
            })
        return try await Exchange(
            engine: engine, directives: request.directives, draw: draw, dialect: dialect, reply: reply,
            context: call.context
        ).respond()
    }

    /// Checks the key, makes the answer of a path that is no chat, and sends it through the faults.
    func reply(
        _ call: Call, in dialect: Dialect,
        make: (_ identifier: String) throws(RequestProblem) -> (directives: RequestDirectives, reply: Reply)
    ) async throws -> Response {
        let draw = engine.draw()
        if let refusal = engine.refusal(ofKey: dialect.key(of: call.request)) {
            return dialect.refusal(refusal, identifier: draw.identifier)
        }
        let made: (directives: RequestDirectives, reply: Reply)
        do {
            made = try make(draw.identifier)
        } catch {
            return dialect.refusal(error, identifier: draw.identifier)
        }
        return try await Exchange(
            engine: engine, directives: made.directives, draw: draw, dialect: dialect, reply: made.reply,
            context: call.context
        ).respond()
    }
}
