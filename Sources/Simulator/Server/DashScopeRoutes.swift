import HTTPTypes
import Hummingbird

extension HTTPField.Name {
    fileprivate static let dashScopeEvents = HTTPField.Name("x-dashscope-sse")
}

/// DashScope's own API, where it has more than its compatible mode (references in `Pipeline`'s adapter of it).
struct DashScopeRoutes: Sendable {
    let chat: ChatRoutes

    /// `POST /api/v1/services/aigc/multimodal-generation/generation`: by the model's name pictures or speech.
    @Sendable func generate(_ call: ChatRoutes.Call) async throws -> Response {
        try await chat.reply(call, in: .dashScope) { (identifier) throws(RequestProblem) in
            let body = try call.body.tree()
            let request = try SimulatedRequest(body: body, header: call.header)
            if request.baseModel.contains("tts") {
                let sound = try DashScopeSound(multimodal: body, model: request.baseModel)
                return (request.directives, Self.reply(sound, identifier, request, call))
            }
            guard !Self.wantsEvents(call) else {
                throw RequestProblem(message: "current user api does not support stream output")
            }
            let pictures = try DashScopePictures(body, model: request.baseModel)
            let answer = pictures.body(requestID: identifier, hidesUsage: request.directives.hidesUsage)
            return (request.directives, .json(answer, tokens: pictures.tokens))
        }
    }

    /// `POST /api/v1/services/audio/tts/SpeechSynthesizer`
    @Sendable func synthesize(_ call: ChatRoutes.Call) async throws -> Response {
        try await chat.reply(call, in: .dashScope) { (identifier) throws(RequestProblem) in
            let body = try call.body.tree()
            let request = try SimulatedRequest(body: body, header: call.header)
            let sound = try DashScopeSound(synthesizer: body)
            return (request.directives, Self.reply(sound, identifier, request, call))
        }
    }

    /// `POST /api/v1/services/rerank/text-rerank/text-rerank`
    @Sendable func rank(_ call: ChatRoutes.Call) async throws -> Response {
        try await chat.reply(call, in: .dashScope) { (identifier) throws(RequestProblem) in
            let body = try call.body.tree()
            let request = try SimulatedRequest(body: body, header: call.header)
            let answer = try DashScopeRanking.answer(
                to: body, requestID: identifier, hidesUsage: request.directives.hidesUsage)
            return (request.directives, .json(answer))
        }
    }

    private static func wantsEvents(_ call: ChatRoutes.Call) -> Bool {
        call.request.headers.value(.dashScopeEvents) == "enable"
    }

    private static func reply(
        _ sound: DashScopeSound, _ identifier: String, _ request: SimulatedRequest, _ call: ChatRoutes.Call
    ) -> Reply {
        let hidesUsage = request.directives.hidesUsage
        guard wantsEvents(call) else {
            return .json(sound.body(requestID: identifier, hidesUsage: hidesUsage), tokens: sound.tokens)
        }
        let content = Reply.Content.stream { sound.stream(requestID: identifier, hidesUsage: hidesUsage) }
        var reply = Reply(content: content, type: "text/event-stream")
        reply.garbage = "data:{\"output\":\n\n"
        reply.streamError = {
            DashScopeSound.step(DashScopeError(status: 500, requestID: identifier).body, number: $0 + 1).text
        }
        return reply
    }
}
