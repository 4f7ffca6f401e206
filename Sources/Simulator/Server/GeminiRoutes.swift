import Hummingbird
import NIOCore

/// The paths below `/v1beta/models/{model}`, whose last component is `model:method`.
struct GeminiRoutes: Sendable {
    let chat: ChatRoutes

    private var engine: SimulatorEngine { chat.engine }

    func answer(_ call: ChatRoutes.Call, target: String) async throws -> Response {
        guard let colon = target.lastIndex(of: ":") else { return unknown }
        let model = String(target[..<colon])
        switch target[target.index(after: colon)...] {
        case "generateContent": return try await generate(call, model: model, streams: false)
        case "streamGenerateContent": return try await generate(call, model: model, streams: true)
        case "countTokens": return try await count(call, model: model)
        case "embedContent": return try await embed(call, model: model, isBatch: false)
        case "batchEmbedContents": return try await embed(call, model: model, isBatch: true)
        default: return unknown
        }
    }

    private var unknown: Response {
        Dialect.gemini.refusal(RequestProblem(status: 404, message: "Method not found."), identifier: "")
    }

    private func generate(_ call: ChatRoutes.Call, model: String, streams: Bool) async throws -> Response {
        let isEvents = call.request.uri.queryParameters["alt"] == "sse"
        return try await chat.answer(call, in: .gemini) { () throws(RequestProblem) in
            try SimulatedRequest(
                gemini: try call.body.tree(), model: model, header: call.header, streams: streams)
        } form: { request, identifier, cache in
            GeminiForm(request: request, identifier: identifier, cache: cache, isEvents: isEvents)
        }
    }

    /// The contents stand in the body or in a whole request inside it.
    private func count(_ call: ChatRoutes.Call, model: String) async throws -> Response {
        try await chat.reply(call, in: .gemini) { (_) throws(RequestProblem) in
            let body = try call.body.tree()
            let request = try SimulatedRequest(
                gemini: body.google("generateContentRequest") ?? body, model: model, header: call.header,
                streams: false)
            let count = JSONTree.int(request.prompt.tokenCount)
            return (
                request.directives,
                .json([
                    "totalTokens": count, "promptTokensDetails": [["modality": "TEXT", "tokenCount": count]],
                ])
            )
        }
    }

    private func embed(_ call: ChatRoutes.Call, model: String, isBatch: Bool) async throws -> Response {
        try await chat.reply(call, in: .gemini) { (_) throws(RequestProblem) in
            let request = try SimulatedRequest(model: model, header: call.header)
            return (request.directives, .json(try Embedding.answer(gemini: try call.body.tree(), isBatch: isBatch)))
        }
    }
}
