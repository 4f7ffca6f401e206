import HTTPTypes
import Hummingbird
import NIOCore

extension HTTPField.Name {
    static let simulate = HTTPField.Name("x-simulate")
    static let apiKey = HTTPField.Name("x-api-key")
    static let azureKey = HTTPField.Name("api-key")
    static let googleKey = HTTPField.Name("x-goog-api-key")
    static let xRequestID = HTTPField.Name("x-request-id")
    static let anthropicRequestID = HTTPField.Name("request-id")
    static let anthropicVersion = HTTPField.Name("anthropic-version")
}

/// How a vendor takes its key, words its errors and names its exchanges.
enum Dialect: Sendable {
    case openAI
    case anthropic
    case gemini
    /// DashScope's own API.
    case dashScope

    /// The vendor's key; nil when it is not where this vendor looks for it.
    func key(of request: Request) -> String? {
        switch self {
        case .openAI: request.headers.bearer ?? request.headers.value(.azureKey)
        case .anthropic: request.headers.value(.apiKey) ?? request.headers.bearer
        case .gemini:
            request.headers.value(.googleKey) ?? request.uri.queryParameters["key"].map(String.init)
        case .dashScope: request.headers.bearer
        }
    }

    func refusal(_ problem: RequestProblem, identifier: String) -> Response {
        switch self {
        case .openAI: stamped(.json(OpenAIError(problem).body, status: problem.status), identifier)
        case .anthropic: anthropic(problem.status, problem.message, identifier)
        case .gemini:
            { error in stamped(.json(error.body, status: error.status), identifier) }(GeminiError(problem))
        case .dashScope: .json(DashScopeError(problem, requestID: identifier).body, status: problem.status)
        }
    }

    /// The answer with a status that was asked for.
    func fault(_ status: Int, identifier: String) -> Response {
        switch self {
        case .openAI: stamped(.json(OpenAIError(status: status).body, status: status), identifier)
        case .anthropic: anthropic(status, "The simulator was asked for this error.", identifier)
        case .gemini: stamped(.json(GeminiError(status: status).body, status: status), identifier)
        case .dashScope: .json(DashScopeError(status: status, requestID: identifier).body, status: status)
        }
    }

    private func anthropic(_ status: Int, _ message: String, _ identifier: String) -> Response {
        let error = AnthropicError(status: status, message: message, requestID: "req_\(identifier)")
        return stamped(.json(error.body, status: status), identifier)
    }

    /// The vendor's id of the exchange, and when to come back. Gemini has no id and says the delay in the body; DashScope says
    /// the id in the body and no delay at all.
    func stamped(_ response: Response, _ identifier: String) -> Response {
        var response = response
        switch self {
        case .openAI: response.headers.name(.xRequestID, "req_\(identifier)")
        case .anthropic: response.headers.name(.anthropicRequestID, "req_\(identifier)")
        case .gemini, .dashScope: return response
        }
        if response.status.code == 429 { response.headers[.retryAfter] = "1" }
        return response
    }
}

extension HTTPFields {
    var simulate: String? { value(.simulate) }

    /// From `Authorization: Bearer`.
    var bearer: String? {
        let words = self[.authorization]?.split(separator: " ", maxSplits: 1) ?? []
        return words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : nil
    }

    /// The field whose name is made at run time.
    func value(_ name: HTTPField.Name?) -> String? { name.flatMap { self[$0] } }

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
}
