internal import Identity
internal import NIOCore
internal import Pipeline
internal import Wire

/// `GET /v1/models` in the caller's form: the literal names of the configuration that a caller may use.
struct ModelListing {
    let snapshot: GatewaySnapshot
    let caller: Caller
    let form: RequestForm

    /// The text behind `/v1/models/` or `/v1beta/models/`, percent-decoded.
    static func identifier(ofPath path: String) -> String {
        let prefix = path.hasPrefix("/v1beta/") ? "/v1beta/models/" : "/v1/models/"
        let encoded = path.dropFirst(prefix.count)
        return PercentDecoding.decoded(encoded) ?? String(encoded)
    }

    func writeAll(to buffer: inout ByteBuffer) {
        let models = snapshot.models.filter { $0.wildcardPrefix == nil && caller.mayUse(model: $0.name) }
        JSONWriter.write(into: &buffer) { writer in
            writer.object { list in
                switch form {
                case .openAIChat, .openAIResponses: list.member("object", raw: "\"list\"")
                case .anthropicMessages:
                    list.member("has_more", false)
                    list.member("first_id", models.first?.name)
                    list.member("last_id", models.last?.name)
                case .geminiGenerate: break
                }
                list.array(form == .geminiGenerate ? "models" : "data") { data in
                    for model in models { data.object { write(model, named: model.name, to: &$0) } }
                }
            }
        }
    }

    /// False: there is no such model, or the caller may not use it.
    func write(id: String, to buffer: inout ByteBuffer) -> Bool {
        guard caller.mayUse(model: id), let found = snapshot.resolve(model: id) else { return false }
        JSONWriter.write(into: &buffer) { writer in
            writer.object { write(snapshot.models[found.model], named: id, to: &$0) }
        }
        return true
    }

    private func write(_ model: ModelPlan, named name: String, to writer: inout JSONWriter) {
        switch form {
        case .openAIChat, .openAIResponses:
            writer.member("id", name)
            writer.member("object", raw: "\"model\"")
            writer.member("created", 0)
            writer.member("owned_by", model.candidates.first?.providerName ?? "tokenrouter")
        case .anthropicMessages:
            writer.member("type", raw: "\"model\"")
            writer.member("id", name)
            writer.member("display_name", name)
            writer.member("created_at", raw: "\"1970-01-01T00:00:00Z\"")
        case .geminiGenerate:
            writer.member("name", "models/" + name)
            writer.member("displayName", name)
            writer.array("supportedGenerationMethods") { methods in
                methods.string("generateContent" as StaticString)
                methods.string("countTokens" as StaticString)
            }
        }
    }
}
