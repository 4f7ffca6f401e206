import Wire

/// Writes the tools and which of them must be called.
enum ChatToolsWriter {
    static func write(
        _ conversation: Conversation, _ traits: VendorTraits, to root: inout JSONWriter, _ report: inout FidelityReport
    ) {
        var kept: [ToolDefinition] = []
        for tool in conversation.tools {
            if case .hosted(_, let type) = tool.kind {
                report.drop("tools.\(type)")
                continue
            }
            if tool.isStrict == true, !traits.takesStrictTools { report.drop("tools.strict") }
            for other in tool.others { report.drop(other.name) }
            kept.append(tool)
        }
        guard !kept.isEmpty else { return }
        root.array("tools") { list in
            for tool in kept { list.object { write(tool, traits, to: &$0) } }
        }
    }

    private static func write(_ tool: ToolDefinition, _ traits: VendorTraits, to object: inout JSONWriter) {
        if case .custom(let format) = tool.kind {
            object.member("type", raw: "\"custom\"")
            object.object("custom") { custom in
                custom.member("name", tool.name)
                custom.member("description", ifPresent: tool.description)
                custom.member("format", ifPresent: format)
            }
            return
        }
        object.member("type", raw: "\"function\"")
        object.object("function") { function in
            function.member("name", tool.name)
            function.member("description", ifPresent: tool.description)
            if case .function(let parameters?) = tool.kind { function.member("parameters", parameters) }
            if traits.takesStrictTools { function.member("strict", ifPresent: tool.isStrict) }
        }
    }

    static func writeChoice(_ conversation: Conversation, to root: inout JSONWriter, _ report: inout FidelityReport) {
        let functions = conversation.tools.filter { if case .hosted = $0.kind { false } else { true } }
        guard !functions.isEmpty else { return }
        if let isParallel = conversation.allowsParallelToolCalls { root.member("parallel_tool_calls", isParallel) }
        guard let choice = conversation.toolChoice else { return }
        func isCustom(_ name: JSONText) -> Bool {
            functions.contains { if case .custom = $0.kind { $0.name == name } else { false } }
        }
        func write(_ name: JSONText, to object: inout JSONWriter) {
            object.member("type", raw: isCustom(name) ? "\"custom\"" : "\"function\"")
            object.object(isCustom(name) ? "custom" : "function") { $0.member("name", name) }
        }
        switch choice {
        case .auto: root.member("tool_choice", raw: "\"auto\"")
        case .none: root.member("tool_choice", raw: "\"none\"")
        case .required: root.member("tool_choice", raw: "\"required\"")
        case .tool(let name): root.object("tool_choice") { write(name, to: &$0) }
        case .subset(let names, let mustCall):
            root.object("tool_choice") { object in
                object.member("type", raw: "\"allowed_tools\"")
                object.object("allowed_tools") { allowed in
                    allowed.member("mode", raw: mustCall ? "\"required\"" : "\"auto\"")
                    allowed.array("tools") { list in for name in names { list.object { write(name, to: &$0) } } }
                }
            }
        case .other: report.drop(.toolChoice, of: conversation.form)
        }
    }
}
