import Wire

/// Reads the tools of a `generateContent` request, and which of them must be called.
enum GeminiToolsReader {
    static func read(_ tools: JSONView, into conversation: inout Conversation) throws(ConversationError) {
        for (place, tool) in try tools.list(named: "tools", of: "objects").enumerated() {
            for (spelled, value) in try tool.object(named: "tools[\(place)]").members {
                let name = GeminiNames.camel(spelled)
                guard name == "functionDeclarations" else {
                    conversation.tools.append(ToolDefinition(.hosted(value.fragment, type: name), name: .empty))
                    continue
                }
                let path = "tools[\(place)].functionDeclarations"
                for (position, function) in try value.list(named: path, of: "objects").enumerated() {
                    conversation.tools.append(try read(function: function, "\(path)[\(position)]"))
                }
            }
        }
    }

    private static func read(function: JSONView, _ path: String) throws(ConversationError) -> ToolDefinition {
        guard let name = try function.object(named: path)["name"] else {
            throw .mistyped("\(path).name", "a non-empty string")
        }
        var parameters: JSONFragment?
        if let schema = function["parametersJsonSchema", "parameters_json_schema"] {
            parameters = try schema.object(named: "\(path).parametersJsonSchema").fragment
        } else if let schema = function["parameters"] {
            parameters = GeminiSchema.jsonSchema(of: try schema.object(named: "\(path).parameters"))
        }
        var definition = ToolDefinition(
            .function(parameters: parameters), name: try name.nonEmptyString(named: "\(path).name"))
        definition.description = try function["description"]?.string(named: "\(path).description")
        definition.resultSchema = try resultSchema(of: function, path)
        definition.others = function.geminiOthers(than: known, prefix: "tools.functionDeclarations.")
        return definition
    }

    /// `behavior` is for live sessions alone (package google-genai 3.4.0, types.FunctionDeclaration, read 2026-11).
    private static let known: FieldNames = [
        "name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior",
    ]

    /// nil: the function says nothing of its result, or nothing that would tell one from another.
    private static func resultSchema(of function: JSONView, _ path: String) throws(ConversationError) -> JSONFragment? {
        if let schema = function["responseJsonSchema", "response_json_schema"] {
            return schema.index.childCount(of: schema.node) > 0 ? schema.fragment : nil
        }
        guard let schema = try function["response"]?.object(named: "\(path).response"),
            schema.index.childCount(of: schema.node) > 0
        else { return nil }
        return GeminiSchema.jsonSchema(of: schema)
    }

    static func read(choice config: JSONView, into conversation: inout Conversation) throws(ConversationError) {
        let path = "toolConfig.functionCallingConfig"
        conversation.others += try config.object(named: "toolConfig")
            .geminiOthers(than: ["functionCallingConfig"], prefix: "toolConfig.")
        guard let calling = try config["functionCallingConfig", "function_calling_config"]?.object(named: path) else {
            return
        }
        var names: [JSONText] = []
        if let allowed = calling["allowedFunctionNames", "allowed_function_names"] {
            for name in try allowed.list(named: "\(path).allowedFunctionNames", of: "strings") {
                names.append(try name.nonEmptyString(named: "\(path).allowedFunctionNames"))
            }
        }
        conversation.others += calling.geminiOthers(than: ["mode", "allowedFunctionNames"], prefix: path + ".")
        guard let mode = calling["mode"] else { return }
        switch try mode.string(named: "\(path).mode").string.uppercased() {
        case "NONE": conversation.toolChoice = ToolChoice.none
        case "ANY":
            conversation.toolChoice =
                names.isEmpty
                ? .required : names.count == 1 ? .tool(name: names[0]) : .subset(names: names, mustCall: true)
        case "VALIDATED":
            // That arguments keep to the schema is the other vendors' `strict`, which asks more of a schema than this does.
            conversation.others.append(OtherField(name: "\(path).mode", value: mode.fragment))
            conversation.toolChoice = names.isEmpty ? .auto : .subset(names: names, mustCall: false)
        case "AUTO", "MODE_UNSPECIFIED": conversation.toolChoice = .auto
        default: throw .mistyped("\(path).mode", "\"AUTO\", \"ANY\", \"NONE\" or \"VALIDATED\"")
        }
    }
}
