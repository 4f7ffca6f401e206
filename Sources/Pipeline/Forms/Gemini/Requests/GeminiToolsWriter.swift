import Wire

/// Writes the tools and which of them must be called.
enum GeminiToolsWriter {
    /// Functions first, as one tool, then what the vendor runs itself: only a client of this form can have asked for that.
    static func write(_ conversation: Conversation, to root: inout JSONWriter, _ report: inout FidelityReport) {
        var functions: [ToolDefinition] = []
        var hosted: [(type: String, definition: JSONFragment)] = []
        for tool in conversation.tools {
            switch tool.kind {
            case .function: functions.append(tool)
            case .custom: functions.append(tool.asFunction(of: conversation.form, &report))
            case .hosted(let definition, let type):
                if conversation.form == .geminiGenerate {
                    hosted.append((type, definition))
                } else {
                    report.drop("tools.\(type)")
                }
            }
            if tool.isStrict == true { report.drop("tools.strict") }
            if conversation.form != .geminiGenerate { for other in tool.others { report.drop(other.name) } }
        }
        guard !functions.isEmpty || !hosted.isEmpty else { return }
        root.array("tools") { list in
            if !functions.isEmpty {
                list.object { tool in
                    tool.array("functionDeclarations") { declarations in
                        for function in functions {
                            declarations.object { object in
                                write(function, to: &object)
                                if conversation.form == .geminiGenerate { write(function.others, to: &object) }
                            }
                        }
                    }
                }
            }
            for tool in hosted {
                list.object { object in
                    object.key(tool.type)
                    object.fragment(tool.definition)
                }
            }
        }
    }

    private static func write(_ tool: ToolDefinition, to object: inout JSONWriter) {
        object.member("name", tool.name)
        object.member("description", ifPresent: tool.description)
        switch tool.kind {
        case .function(let parameters?): object.member("parametersJsonSchema", parameters)
        case .function(nil), .custom, .hosted: break
        }
        object.member("responseJsonSchema", ifPresent: tool.resultSchema)
    }

    /// What only this form knows of a function goes back as it came.
    private static func write(_ others: [OtherField], to object: inout JSONWriter) {
        for other in others {
            object.key(String(other.name.split(separator: ".").last ?? ""))
            object.fragment(other.value)
        }
    }

    static func writeChoice(_ conversation: Conversation, to root: inout JSONWriter, _ report: inout FidelityReport) {
        let hasFunctions = conversation.tools.contains { if case .hosted = $0.kind { false } else { true } }
        if conversation.allowsParallelToolCalls == false { report.drop(.parallelToolCalls, of: conversation.form) }
        var choice = conversation.toolChoice
        if !hasFunctions {
            if let choice, choice != .auto, choice != ToolChoice.none {
                report.drop(.toolChoice, of: conversation.form)
            }
            choice = nil
        }
        let calling = choice.flatMap(calling)
        if choice != nil, calling == nil { report.drop(.toolChoice, of: conversation.form) }
        guard calling != nil || conversation.hasGeminis(in: "toolConfig.") else { return }
        root.object("toolConfig") { config in
            if let calling {
                config.object("functionCallingConfig") { object in
                    object.member("mode", raw: calling.mode)
                    guard !calling.names.isEmpty else { return }
                    object.array("allowedFunctionNames") { list in for name in calling.names { list.text(name) } }
                }
            }
            conversation.writeGeminis(in: "toolConfig.", to: &config)
        }
    }

    /// nil: the form has no word for it.
    private static func calling(_ choice: ToolChoice) -> (mode: StaticString, names: [JSONText])? {
        switch choice {
        case .auto: ("\"AUTO\"", [])
        case .none: ("\"NONE\"", [])
        case .required: ("\"ANY\"", [])
        case .tool(let name): ("\"ANY\"", [name])
        // AUTO takes no names.
        case .subset(let names, let mustCall): (mustCall ? "\"ANY\"" : "\"VALIDATED\"", names)
        case .other: nil
        }
    }
}
