import Hummingbird

/// `GET /models` and `/models/{model}` in the form of whoever asks.
struct ModelRoutes: Sendable {
    let engine: SimulatorEngine

    /// - Parameter dialect: nil: told by the caller's headers.
    func list(_ request: Request, in dialect: Dialect?) -> Response {
        let dialect = dialect ?? Self.dialect(of: request)
        if let refusal = engine.refusal(ofKey: dialect.key(of: request)) {
            return dialect.refusal(refusal, identifier: engine.draw().identifier)
        }
        let names = engine.configuration.models
        let models = JSONTree.array(names.map { Self.model($0, in: dialect) })
        return switch dialect {
        case .openAI, .dashScope: .json(["object": "list", "data": models])
        case .anthropic:
            .json([
                "data": models, "has_more": false, "first_id": .optional(names.first), "last_id": .optional(names.last),
            ])
        case .gemini: .json(["models": models])
        }
    }

    /// Every name is known, as every name is answered.
    func one(_ name: String, _ request: Request, in dialect: Dialect?) -> Response {
        let dialect = dialect ?? Self.dialect(of: request)
        if let refusal = engine.refusal(ofKey: dialect.key(of: request)) {
            return dialect.refusal(refusal, identifier: engine.draw().identifier)
        }
        return .json(Self.model(name, in: dialect))
    }

    private static func dialect(of request: Request) -> Dialect {
        if request.headers.value(.anthropicVersion) != nil { return .anthropic }
        return Dialect.gemini.key(of: request) == nil ? .openAI : .gemini
    }

    private static func model(_ name: String, in dialect: Dialect) -> JSONTree {
        switch dialect {
        case .openAI, .dashScope: ["id": .string(name), "object": "model", "created": 1_767_225_600, "owned_by": "simulator"]
        case .anthropic:
            [
                "type": "model", "id": .string(name), "display_name": .string(name),
                "created_at": "2026-01-01T00:00:00Z",
            ]
        case .gemini:
            [
                "name": "models/\(name)", "version": "001", "displayName": .string(name), "description": "Simulated.",
                "inputTokenLimit": 1_048_576, "outputTokenLimit": 65536,
                "supportedGenerationMethods": ["generateContent", "countTokens", "embedContent"],
            ]
        }
    }
}
