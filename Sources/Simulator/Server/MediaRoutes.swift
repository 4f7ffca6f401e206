import Hummingbird
import NIOCore

/// OpenAI's paths that are no chat.
struct MediaRoutes: Sendable {
    let chat: ChatRoutes

    @Sendable func embeddings(_ call: ChatRoutes.Call) async throws -> Response {
        try await json(call) { (body) throws(RequestProblem) in try Embedding.answer(to: body) }
    }

    @Sendable func imageGenerations(_ call: ChatRoutes.Call) async throws -> Response { try await nothing() }
    @Sendable func imageEdits(_ call: ChatRoutes.Call) async throws -> Response { try await nothing() }
    @Sendable func speech(_ call: ChatRoutes.Call) async throws -> Response { try await nothing() }
    @Sendable func transcriptions(_ call: ChatRoutes.Call) async throws -> Response { try await nothing() }
    @Sendable func moderations(_ call: ChatRoutes.Call) async throws -> Response { try await nothing() }
    @Sendable func rerank(_ call: ChatRoutes.Call) async throws -> Response { try await nothing() }

    private func nothing() async throws -> Response { Response(status: .notFound) }

    /// A path that takes JSON with a model and answers JSON.
    func json(
        _ call: ChatRoutes.Call, answer: (JSONTree) throws(RequestProblem) -> JSONTree
    ) async throws -> Response {
        try await chat.reply(call, in: .openAI) { () throws(RequestProblem) in
            let body = try call.body.tree()
            let request = try SimulatedRequest(body: body, header: call.header)
            return (request.directives, .json(try answer(body)))
        }
    }
}
