import Pipeline

/// Anthropic's form and Gemini's.
extension SessionWriter {
    func anthropic(_ turns: [AgentSession.Turn], _ spelling: inout Spelling) -> [Member] {
        var messages: [Tree] = []
        for turn in turns {
            messages.append(.members(["role": .string("user"), "content": anthropicContent(turn.question)]))
            for answer in turn.answers { messages += anthropic(answer, &spelling) }
        }
        let texts = session.system.compactMap { spelling.text($0) }
        var system: Tree = .array(texts.map { .members(["type": .string("text"), "text": .string($0)]) })
        if texts.count == 1, !session.writesParts { system = .string(texts[0]) }
        var members = [
            Member("model", .string("m")), Member("system", session.marksItself ? system.markingLast : system),
            Member("messages", .array(withMarks(messages))),
        ]
        if !session.tools.isEmpty { members.append(Member("tools", .array(anthropicTools(&spelling)))) }
        if let schema = session.answerSchema {
            let format = Tree.members(["type": .string("json_schema"), "schema": schema])
            members.append(Member("output_config", .members(["format": format])))
        }
        return members
    }

    private func anthropicTools(_ spelling: inout Spelling) -> [Tree] {
        var tools: [Tree] = []
        for tool in spelling.shuffled(session.tools) {
            guard tool.kind != .hosted else {
                tools.append(.members(["type": .string("web_search_20260209"), "name": .string("web_search")]))
                continue
            }
            var members = [
                Member("name", spelling.string(tool.name)), Member("description", spelling.string(tool.description)),
                Member("input_schema", spelling.value(tool.schema, keepsOrder: tool.isStrict)),
            ]
            if tool.isStrict { members.append(Member("strict", .scalar("true"))) }
            tools.append(.object(spelling.shuffled(members)))
        }
        guard session.marksItself, case .array(let marked) = Tree.array(tools).markingLast else { return tools }
        return marked
    }

    private func anthropicContent(_ pieces: [AgentSession.Piece]) -> Tree {
        if case .text(let text)? = pieces.first, pieces.count == 1, !session.writesParts, !session.marksItself {
            return .string(text)
        }
        return .array(
            pieces.map { piece in
                switch piece {
                case .text(let text): .members(["type": .string("text"), "text": .string(text)])
                case .image: .members(["type": .string("image"), "source": Self.source("image/png", Self.image)])
                case .file: .members(["type": .string("document"), "source": Self.source("application/pdf", Self.file)])
                }
            })
    }

    private static func source(_ type: String, _ data: String) -> Tree {
        .members(["type": .string("base64"), "media_type": .string(type), "data": .string(data)])
    }

    private func anthropic(_ answer: AgentSession.Answer, _ spelling: inout Spelling) -> [Tree] {
        var blocks: [Tree] = []
        if let number = answer.proof {
            blocks.append(
                .members([
                    "type": .string("thinking"), "thinking": .string(answer.thought), "signature": .string(proof(number)),
                ]))
            if vendor == .anthropicMessages, number % 3 == 0 {
                blocks.append(.members(["type": .string("redacted_thinking"), "data": .string(proof(number + 1_000))]))
            }
        }
        if let text = answer.text { blocks.append(.members(["type": .string("text"), "text": .string(text)])) }
        var results: [Tree] = []
        for call in answer.calls {
            let input = call.input.map { .members(["input": .string($0)]) } ?? call.arguments
            blocks.append(
                .members([
                    "type": .string("tool_use"), "id": id(call, of: answer), "name": .string(call.tool),
                    "input": spelling.value(input),
                ]))
            results.append(
                .members([
                    "type": .string("tool_result"), "tool_use_id": id(call, of: answer),
                    "content": anthropicContent(call.result), "is_error": call.hasFailed ? .scalar("true") : nil,
                ]))
        }
        let message = Tree.members(["role": .string("assistant"), "content": .array(blocks)])
        return results.isEmpty ? [message] : [message, .members(["role": .string("user"), "content": .array(results)])]
    }

    // MARK: Gemini

    func gemini(_ turns: [AgentSession.Turn], _ spelling: inout Spelling) -> [Member] {
        var contents: [Tree] = []
        for turn in turns {
            contents.append(.members(["role": .string("user"), "parts": .array(geminiParts(turn.question))]))
            for answer in turn.answers { contents += gemini(answer, &spelling) }
        }
        let texts = session.system.compactMap { spelling.text($0) }
        let tools = session.tools.isEmpty ? [] : [Member("tools", .array(geminiTools(&spelling)))]
        return tools + [
            Member("systemInstruction", .members(["parts": .array(texts.map { .members(["text": .string($0)]) })])),
            Member("contents", .array(contents)),
        ]
    }

    private func geminiTools(_ spelling: inout Spelling) -> [Tree] {
        var functions: [Tree] = []
        for tool in spelling.shuffled(session.tools) where tool.kind != .hosted {
            functions.append(
                .object(
                    spelling.shuffled([
                        Member("name", spelling.string(tool.name)),
                        Member("description", spelling.string(tool.description)),
                        Member("parametersJsonSchema", spelling.value(tool.schema)),
                    ])))
        }
        var groups = functions.isEmpty ? [] : [Tree.members(["functionDeclarations": .array(functions)])]
        if session.tools.contains(where: { $0.kind == .hosted }) { groups.append(.members(["googleSearch": .object([])])) }
        return spelling.shuffled(groups)
    }

    private func geminiParts(_ pieces: [AgentSession.Piece]) -> [Tree] {
        pieces.map { piece in
            switch piece {
            case .text(let text): .members(["text": .string(text)])
            case .image: Self.inline("image/png", Self.image)
            case .file: Self.inline("application/pdf", Self.file)
            }
        }
    }

    private static func inline(_ type: String, _ data: String) -> Tree {
        .members(["inlineData": .members(["mimeType": .string(type), "data": .string(data)])])
    }

    private func gemini(_ answer: AgentSession.Answer, _ spelling: inout Spelling) -> [Tree] {
        var parts: [Tree] = []
        if let number = answer.proof {
            parts.append(
                .members([
                    "text": .string(answer.thought), "thought": .scalar("true"),
                    "thoughtSignature": vendor == client ? nil : .string(proof(number)),
                ]))
        }
        if let text = answer.text { parts.append(.members(["text": .string(text)])) }
        var results: [Tree] = []
        for (place, call) in answer.calls.enumerated() {
            let input = call.input.map { .members(["input": .string($0)]) } ?? call.arguments
            let number = vendor == client && place == 0 ? answer.proof : nil
            // Half of the clients keep no ids.
            let isNamed = session.writesParts
            parts.append(
                .members([
                    "functionCall": .members([
                        "name": .string(call.tool), "args": spelling.value(input),
                        "id": isNamed ? id(call, of: answer) : nil,
                    ]),
                    "thoughtSignature": number.map { .string(proof($0)) },
                ]))
            results.append(
                .members([
                    "functionResponse": .members([
                        "name": .string(call.tool), "id": isNamed ? id(call, of: answer) : nil,
                        "response": .members(["output": .string(Self.joined(call.result))]),
                    ])
                ]))
        }
        let content = Tree.members(["role": .string("model"), "parts": .array(parts)])
        return results.isEmpty ? [content] : [content, .members(["role": .string("user"), "parts": .array(results)])]
    }

    private static func joined(_ pieces: [AgentSession.Piece]) -> String {
        pieces.map { if case .text(let text) = $0 { text } else { "" } }.joined(separator: "\\n")
    }
}
