import Wire

/// Writes the tools and which of them must be called.
struct AnthropicToolsWriter {
    private let tools: [ToolDefinition]
    private let choice: ToolChoice?
    private let isSerial: Bool

    init(_ conversation: Conversation, isThinking: Bool, report: inout FidelityReport) throws(ConversationError) {
        let form = conversation.form
        var kept: [ToolDefinition] = []
        for tool in conversation.tools {
            if case .hosted(let definition, let type) = tool.kind {
                if form != .anthropicMessages || definition.kind != .object { report.drop("tools.\(type)") }
                continue
            }
            for other in tool.others { report.drop(other.name) }
            kept.append(tool.asFunction(of: form, &report).describingResult(of: form, &report))
        }
        var choice = conversation.toolChoice
        if case .subset(let names, let mustCall) = choice {
            kept.removeAll { !names.contains($0.name) }
            choice = mustCall ? .required : .auto
            report.rewrite(.toolChoice, of: form)
        }
        switch choice {
        case .required, .tool:
            if isThinking {
                choice = .auto
                report.rewrite(.toolChoice, of: form)
            }
        case .other:
            choice = nil
            report.drop(.toolChoice, of: form)
        case .auto, .some(.none), .subset, nil: break
        }
        tools = kept
        self.choice = kept.isEmpty ? nil : choice
        isSerial = conversation.allowsParallelToolCalls == false && !kept.isEmpty
    }

    func write(to root: inout JSONWriter, _ marks: inout AnthropicCacheMarks) {
        guard !tools.isEmpty else { return }
        root.array("tools") { list in
            for tool in tools { list.object { Self.write(tool, to: &$0, &marks) } }
        }
    }

    func writeChoice(to root: inout JSONWriter) {
        guard choice != nil || isSerial else { return }
        root.object("tool_choice") { object in
            switch choice ?? .auto {
            case .auto, .subset, .other: object.member("type", raw: "\"auto\"")
            case .required: object.member("type", raw: "\"any\"")
            case .none: object.member("type", raw: "\"none\"")
            case .tool(let name):
                object.member("type", raw: "\"tool\"")
                object.member("name", name)
            }
            if isSerial, choice != ToolChoice.none { object.member("disable_parallel_tool_use", true) }
        }
    }

    private static func write(
        _ tool: ToolDefinition, to object: inout JSONWriter, _ marks: inout AnthropicCacheMarks
    ) {
        object.member("name", tool.name)
        object.member("description", ifPresent: tool.description)
        switch tool.kind {
        case .function(let parameters?) where parameters.kind == .object: object.member("input_schema", parameters)
        case .function, .custom: object.member("input_schema", raw: #"{"type":"object","properties":{}}"#)
        case .hosted: break
        }
        if tool.isStrict == true { object.member("strict", true) }
        marks.write(tool.cacheMark, to: &object)
    }
}
