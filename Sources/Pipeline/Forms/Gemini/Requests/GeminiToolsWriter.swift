import Wire

/// Writes the tools and which of them must be called.
enum GeminiToolsWriter {
    static func write(_ conversation: Conversation, to root: inout JSONWriter, _ report: inout FidelityReport) {
        var functions: [ToolDefinition] = []
        for tool in conversation.tools {
            switch tool.kind {
            case .function: functions.append(tool)
            case .custom:
                report.rewrite(.tools, of: conversation.form)
                functions.append(tool)
            case .hosted(_, let type): report.drop("tools.\(type)")
            }
            if tool.isStrict == true { report.drop("tools.strict") }
            for other in tool.others { report.drop(other.name) }
        }
        guard !functions.isEmpty else { return }
        root.array("tools") { list in
            list.object { tool in
                tool.array("functionDeclarations") { declarations in
                    for function in functions { declarations.object { write(function, to: &$0) } }
                }
            }
        }
    }

    private static func write(_ tool: ToolDefinition, to object: inout JSONWriter) {
        object.member("name", tool.name)
        object.member("description", ifPresent: tool.description)
        switch tool.kind {
        case .function(let parameters?): object.member("parametersJsonSchema", parameters)
        case .custom:
            object.member(
                "parametersJsonSchema",
                raw: #"{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}"#)
        case .function, .hosted: break
        }
    }

    static func writeChoice(_ conversation: Conversation, to root: inout JSONWriter, _ report: inout FidelityReport) {
        let hasFunctions = conversation.tools.contains { if case .hosted = $0.kind { false } else { true } }
        if conversation.allowsParallelToolCalls == false { report.drop(.parallelToolCalls, of: conversation.form) }
        guard hasFunctions, let choice = conversation.toolChoice else { return }
        var names: [JSONText] = []
        let mode: StaticString
        switch choice {
        case .auto: mode = "\"AUTO\""
        case .none: mode = "\"NONE\""
        case .required: mode = "\"ANY\""
        case .tool(let name):
            mode = "\"ANY\""
            names = [name]
        case .subset(let subset, let mustCall):
            mode = mustCall ? "\"ANY\"" : "\"VALIDATED\""
            names = subset
        case .other:
            report.drop(.toolChoice, of: conversation.form)
            return
        }
        root.object("toolConfig") { config in
            config.object("functionCallingConfig") { calling in
                calling.member("mode", raw: mode)
                if !names.isEmpty {
                    calling.array("allowedFunctionNames") { list in for name in names { list.text(name) } }
                }
            }
        }
    }
}
