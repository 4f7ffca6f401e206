import HTTPTypes
import Hummingbird
import NIOCore

extension HTTPField.Name {
    static let simulate = HTTPField.Name("x-simulate")
    static let apiKey = HTTPField.Name("x-api-key")
    static let xRequestID = HTTPField.Name("x-request-id")
    static let anthropicRequestID = HTTPField.Name("request-id")
}

/// The chat paths of both forms.
struct ChatRoutes: Sendable {
    let engine: SimulatorEngine

    func openAI(_ request: Request, body: ByteBuffer, context: SimulatorContext) async throws -> Response {
        let draw = engine.draw()
        let key = request.simulatorKey
        let failure: @Sendable (OpenAIError) -> Response = { .openAI($0, identifier: draw.identifier) }
        if let refusal = engine.refusal(ofKey: key) { return failure(OpenAIError(refusal)) }
        let chat: SimulatedRequest
        do {
            chat = try SimulatedRequest(openAI: try body.tree(), header: request.headers.simulate)
        } catch {
            return failure(OpenAIError(error))
        }
        let vendor = engine.configuration.vendor ?? .of(model: chat.baseModel)
        let answer = AnswerComposer(request: chat, identifier: draw.identifier).answer()
        let reading = engine.read(chat, answer: answer, by: vendor, account: key ?? "")
        let form = OpenAIForm(
            request: chat, identifier: draw.identifier, created: engine.created, vendor: vendor, cache: reading)
        let exchange = Exchange(
            engine: engine, request: chat, draw: draw, reading: reading, form: form,
            failure: { failure(OpenAIError(status: $0)) }, context: context)
        var response = try await exchange.respond(with: answer)
        response.headers.name(.xRequestID, "req_\(draw.identifier)")
        return response
    }

    func anthropic(_ request: Request, body: ByteBuffer, context: SimulatorContext) async throws -> Response {
        let draw = engine.draw()
        let key = request.simulatorKey
        let failure: @Sendable (Int, String) -> Response = {
            .anthropic(AnthropicError(status: $0, message: $1, requestID: "req_\(draw.identifier)"))
        }
        if let refusal = engine.refusal(ofKey: key) { return failure(refusal.status, refusal.message) }
        let chat: SimulatedRequest
        do {
            chat = try SimulatedRequest(anthropic: try body.tree(), header: request.headers.simulate)
        } catch {
            return failure(error.status, error.message)
        }
        let vendor: SimulatedVendor = engine.configuration.vendor == SimulatedVendor.none ? .none : .anthropic
        let answer = AnswerComposer(request: chat, identifier: draw.identifier).answer()
        let reading = engine.read(chat, answer: answer, by: vendor, account: key ?? "")
        let exchange = Exchange(
            engine: engine, request: chat, draw: draw, reading: reading,
            form: AnthropicForm(request: chat, identifier: draw.identifier, cache: reading),
            failure: { failure($0, "The simulator was asked for this error.") }, context: context)
        var response = try await exchange.respond(with: answer)
        response.headers.name(.anthropicRequestID, "req_\(draw.identifier)")
        return response
    }

    /// `POST /messages/count_tokens`
    func count(_ request: Request, body: ByteBuffer) -> Response {
        let identifier = "req_\(engine.draw().identifier)"
        if let refusal = engine.refusal(ofKey: request.simulatorKey) {
            return .anthropic(AnthropicError(status: refusal.status, message: refusal.message, requestID: identifier))
        }
        do {
            let chat = try SimulatedRequest(
                anthropic: try body.tree(), header: request.headers.simulate, counting: true)
            return .json(["input_tokens": .int(chat.prompt.tokenCount)])
        } catch {
            return .anthropic(AnthropicError(status: error.status, message: error.message, requestID: identifier))
        }
    }
}

extension Request {
    /// From `Authorization: Bearer` or `x-api-key`; nil when neither is there.
    var simulatorKey: String? {
        if let value = headers[.authorization] {
            let words = value.split(separator: " ", maxSplits: 1)
            if words.count == 2, words[0].lowercased() == "bearer" { return String(words[1]) }
        }
        return HTTPField.Name.apiKey.flatMap { headers[$0] }
    }
}

extension HTTPFields {
    var simulate: String? { HTTPField.Name.simulate.flatMap { self[$0] } }

    /// Sets a field whose name is made at run time.
    mutating func name(_ name: HTTPField.Name?, _ value: String) {
        if let name { self[name] = value }
    }
}

extension ByteBuffer {
    func tree() throws(RequestProblem) -> JSONTree {
        do {
            return try JSONTreeReader.read(readableBytesView)
        } catch {
            throw RequestProblem(
                message: "We could not parse the JSON body of your request (\(error.reason), byte \(error.offset)).")
        }
    }
}

extension Response {
    static func json(_ tree: JSONTree, status: Int = 200) -> Response {
        Response(
            status: HTTPResponse.Status(code: status), headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: tree.compactText)))
    }

    static func openAI(_ error: OpenAIError, identifier: String) -> Response {
        var response = json(error.body, status: error.status)
        response.headers.name(.xRequestID, "req_\(identifier)")
        if error.status == 429 { response.headers[.retryAfter] = "1" }
        return response
    }

    static func anthropic(_ error: AnthropicError) -> Response {
        var response = json(error.body, status: error.status)
        response.headers.name(.anthropicRequestID, error.requestID)
        if error.status == 429 { response.headers[.retryAfter] = "1" }
        return response
    }
}
