import Wire

/// Writes the tools and which of them must be called.
struct ChatToolsWriter {
    private let conversation: Conversation
    private let traits: VendorTraits
    /// Those that the target is told of, in the client's order.
    private let tools: [ToolDefinition]

    init(_ conversation: Conversation, _ traits: VendorTraits, _ report: inout FidelityReport) {
        self.conversation = conversation
        self.traits = traits
        let form = conversation.form
        // Changed in place, and only where a tool needs it: a copy of each costs more than writing it.
        var kept = conversation.tools
        for place in kept.indices {
            for other in kept[place].others { report.drop(other.name) }
            if case .hosted(_, let type) = kept[place].kind { report.drop("tools.\(type)") }
        }
        if kept.contains(where: \.isVendors) { kept.removeAll(where: \.isVendors) }
        for place in kept.indices {
            if !traits.takesCustomTools, case .custom = kept[place].kind {
                kept[place] = kept[place].asFunction(of: form, &report)
            }
            if kept[place].isStrict == true, !traits.takesStrictTools { report.drop("tools.strict") }
            if kept[place].resultSchema != nil { kept[place] = kept[place].describingResult(of: form, &report) }
        }
        if case .subset(let names, _) = conversation.toolChoice, !traits.takesAllowedTools {
            kept.removeAll { !names.contains($0.name) }
            report.rewrite(.toolChoice, of: form)
        }
        tools = kept
    }

    func write(to root: inout JSONWriter) {
        guard !tools.isEmpty else { return }
        root.array("tools") { list in
            for place in tools.indices { list.object { write(tools[place], to: &$0) } }
        }
    }

    private func write(_ tool: ToolDefinition, to object: inout JSONWriter) {
        if case .custom(let format) = tool.kind, traits.takesCustomTools {
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
            if case .function(let parameters) = tool.kind { function.member("parameters", ifPresent: parameters) }
            if traits.takesStrictTools { function.member("strict", ifPresent: tool.isStrict) }
        }
    }

    // MARK: Choice

    func writeChoice(to root: inout JSONWriter, _ report: inout FidelityReport) {
        let form = conversation.form
        // Without tools the form refuses to hear of them.
        guard !tools.isEmpty else {
            if let choice = conversation.toolChoice, choice != .auto, choice != ToolChoice.none {
                report.drop(.toolChoice, of: form)
            }
            return
        }
        if let isParallel = conversation.allowsParallelToolCalls ?? (conversation.usesDeprecatedFunctions ? false : nil)
        {
            if traits.unknownFields.contains(.parallelToolCalls) {
                report.drop(.parallelToolCalls, of: form)
            } else {
                root.member("parallel_tool_calls", isParallel)
            }
        }
        guard let choice = conversation.toolChoice else { return }
        guard !traits.unknownFields.contains(.toolChoice) else { return report.drop(.toolChoice, of: form) }
        switch choice {
        case .auto: root.member("tool_choice", raw: "\"auto\"")
        case .none: root.member("tool_choice", raw: "\"none\"")
        case .required: root.member("tool_choice", raw: "\"required\"")
        case .tool(let name):
            guard tools.contains(where: { $0.name == name }) else { return report.drop(.toolChoice, of: form) }
            root.object("tool_choice") { write(name, to: &$0) }
        case .subset(let names, let mustCall):
            let kept = names.filter { name in tools.contains { $0.name == name } }
            guard !kept.isEmpty else { return report.drop(.toolChoice, of: form) }
            if kept.count < names.count { report.rewrite(.toolChoice, of: form) }
            writeSubset(kept, mustCall: mustCall, to: &root)
        case .other: report.drop(.toolChoice, of: form)
        }
    }

    private func writeSubset(_ names: [JSONText], mustCall: Bool, to root: inout JSONWriter) {
        let mode: StaticString = mustCall ? "\"required\"" : "\"auto\""
        guard traits.takesAllowedTools else { return root.member("tool_choice", raw: mode) }
        root.object("tool_choice") { object in
            object.member("type", raw: "\"allowed_tools\"")
            object.object("allowed_tools") { allowed in
                allowed.member("mode", raw: mode)
                allowed.array("tools") { list in for name in names { list.object { write(name, to: &$0) } } }
            }
        }
    }

    private func write(_ name: JSONText, to object: inout JSONWriter) {
        let isCustom =
            traits.takesCustomTools
            && tools.contains { if case .custom = $0.kind { $0.name == name } else { false } }
        object.member("type", raw: isCustom ? "\"custom\"" : "\"function\"")
        object.object(isCustom ? "custom" : "function") { $0.member("name", name) }
    }
}
