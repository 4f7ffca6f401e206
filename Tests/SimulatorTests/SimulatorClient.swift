import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging

@testable import Simulator

/// One running simulator and a connection to it.
struct SimulatorClient: Sendable {
    let client: any TestClientProtocol

    static let key = "sk-vendor-0123456789"

    static func run<Value: Sendable>(
        _ configure: (inout SimulatorConfiguration) throws -> Void = { _ in },
        _ body: @Sendable (SimulatorClient) async throws -> Value
    ) async throws -> Value {
        var configuration = SimulatorConfiguration()
        try configure(&configuration)
        var logger = Logger(label: "simulator")
        logger.logLevel = .critical
        let application = ProviderSimulator(configuration: configuration, logger: logger).makeApplication()
        return try await application.test(.live) { try await body(SimulatorClient(client: $0)) }
    }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let text: String

        func tree() throws -> JSONTree { try JSONTreeReader.read(text.utf8) }

        /// The payloads of the `data:` lines, `[DONE]` among them.
        var payloads: [String] {
            text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
        }

        /// The payloads that are JSON.
        func events() throws -> [JSONTree] {
            try payloads.filter { $0 != "[DONE]" }.map { try JSONTreeReader.read($0.utf8) }
        }
    }

    func post(_ path: String, _ body: String, key: String? = key, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.post, path, body, key: key, headers: headers)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String = "", key: String? = key, headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if let key { headers[.authorization] = "Bearer \(key)" }
        if path.contains("/messages"), let name = HTTPField.Name.anthropicVersion, headers[name] == nil {
            headers[name] = "2023-06-01"
        }
        let response = try await client.execute(
            uri: path, method: method, headers: headers, body: ByteBuffer(string: body))
        return Answer(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
    }

    /// A chat request with one message of the user; `more` are members with a comma before them.
    func chat(_ content: String, model: String = "simulator-model", more: String = "") async throws -> Answer {
        let quoted = JSONTree.string(content).compactText
        return try await post(
            "/v1/chat/completions",
            #"{"model":"\#(model)","messages":[{"role":"user","content":\#(quoted)}]\#(more)}"#)
    }

    func response(_ content: String, model: String = "gpt-6.1-terra", more: String = "") async throws -> Answer {
        let quoted = JSONTree.string(content).compactText
        return try await post("/v1/responses", #"{"model":"\#(model)","input":\#(quoted)\#(more)}"#)
    }

    /// A request of Gemini's form with one content of the user; `method` may have a query.
    func gemini(
        _ content: String, model: String = "gemini-3.8-flash", method: String = "generateContent", more: String = ""
    ) async throws -> Answer {
        let quoted = JSONTree.string(content).compactText
        return try await gemini(
            body: #"{"contents":[{"role":"user","parts":[{"text":\#(quoted)}]}]\#(more)}"#, model: model, method: method
        )
    }

    func gemini(
        body: String, model: String = "gemini-3.8-flash", method: String = "generateContent"
    ) async throws -> Answer {
        let headers: HTTPFields = HTTPField.Name.googleKey.map { [$0: Self.key] } ?? [:]
        return try await post("/v1beta/models/\(model):\(method)", body, key: nil, headers: headers)
    }

    func message(_ content: String, model: String = "claude-sonnet-5", more: String = "") async throws -> Answer {
        let quoted = JSONTree.string(content).compactText
        return try await post(
            "/v1/messages",
            #"{"model":"\#(model)","max_tokens":1000,"messages":[{"role":"user","content":\#(quoted)}]\#(more)}"#)
    }
}

extension JSONTree {
    /// The value at a path like `choices.0.message.content`; null when there is none.
    func at(_ path: String) -> JSONTree {
        path.split(separator: ".").reduce(self) { node, step in
            if let index = Int(step), let elements = node.elements {
                return elements.indices.contains(index) ? elements[index] : .null
            }
            return node[String(step)] ?? .null
        }
    }
}
