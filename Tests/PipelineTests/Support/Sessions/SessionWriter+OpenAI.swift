/// OpenAI's forms.
extension SessionWriter {
    func chat(_ turns: [AgentSession.Turn], _ spelling: inout Spelling) -> [Member] {
        var messages: [Tree] = []
        let role = Tree.string(session.isDeveloper ? "developer" : "system")
        for lines in session.system {
            guard let text = spelling.text(lines) else { continue }
            messages.append(.members(["role": role, "content": .string(text)]))
        }
        for turn in turns {
            messages.append(.members(["role": .string("user"), "content": chatContent(turn.question)]))
            if let reminder = turn.reminder {
                messages.append(.members(["role": .string("system"), "content": .string(reminder)]))
            }
            for answer in turn.answers { messages += chat(answer, &spelling) }
        }
        var members = [Member("model", .string("m")), Member("messages", .array(withMarks(messages)))]
        if !session.tools.isEmpty { members.append(Member("tools", .array(chatTools(&spelling)))) }
        if let schema = session.answerSchema {
            let wanted = Tree.members(["name": .string("answer"), "schema": schema])
            members.append(
                Member("response_format", .members(["type": .string("json_schema"), "json_schema": wanted])))
        }
        return members
    }

    private func chatTools(_ spelling: inout Spelling) -> [Tree] {
        var tools: [Tree] = []
        for tool in spelling.shuffled(session.tools) {
            var members = [Member("name", spelling.string(tool.name)), Member("description", spelling.string(tool.description))]
            if tool.kind == .function {
                members.append(Member("parameters", spelling.value(tool.schema, keepsOrder: tool.isStrict)))
                if tool.isStrict { members.append(Member("strict", .scalar("true"))) }
            }
            let kind = tool.kind == .custom ? "custom" : "function"
            tools.append(
                .object(
                    spelling.shuffled([
                        Member("type", .string(kind)), Member(kind, .object(spelling.shuffled(members))),
                    ])))
        }
        return tools
    }

    private func chatContent(_ pieces: [AgentSession.Piece]) -> Tree {
        if case .text(let text)? = pieces.first, pieces.count == 1, !session.writesParts, !session.marksItself {
            return .string(text)
        }
        return .array(
            pieces.map { piece in
                switch piece {
                case .text(let text): .members(["type": .string("text"), "text": .string(text)])
                case .image:
                    .members([
                        "type": .string("image_url"),
                        "image_url": .members(["url": .string("data:image/png;base64," + Self.image)]),
                    ])
                case .file:
                    .members([
                        "type": .string("file"),
                        "file": .members([
                            "filename": .string("a.pdf"), "file_data": .string("data:application/pdf;base64," + Self.file),
                        ]),
                    ])
                }
            })
    }

    private func chat(_ answer: AgentSession.Answer, _ spelling: inout Spelling) -> [Tree] {
        var calls: [Tree] = []
        var results: [Tree] = []
        for call in answer.calls {
            let what: Tree
            if let input = call.input {
                what = .members(["name": .string(call.tool), "input": .string(input)])
            } else {
                what = .members(["name": .string(call.tool), "arguments": spelling.encoded(call.arguments)])
            }
            let kind = call.input == nil ? "function" : "custom"
            calls.append(.object([Member("id", id(call, of: answer)), Member("type", .string(kind)), Member(kind, what)]))
            results.append(
                .members([
                    "role": .string("tool"), "tool_call_id": id(call, of: answer), "content": chatContent(call.result),
                ]))
        }
        let sealed = answer.proof.map(proof) ?? ""
        let message = Tree.members([
            "role": .string("assistant"), "content": answer.text.map { .string($0) } ?? (session.writesParts ? .scalar("null") : .string("")),
            "reasoning_content": answer.proof == nil ? nil : .string(answer.thought),
            "reasoning_signature": sealed.isEmpty ? nil : .string(sealed),
            "tool_calls": calls.isEmpty ? nil : .array(calls),
        ])
        return [message] + results
    }

    // MARK: Responses

    func responses(_ turns: [AgentSession.Turn], _ spelling: inout Spelling) -> [Member] {
        var members = [Member("model", .string("m"))]
        if !session.tools.isEmpty { members.append(Member("tools", .array(responsesTools(&spelling)))) }
        var items: [Tree] = []
        let texts = session.system.compactMap { spelling.text($0) }
        if session.system.count == 1, !session.isDeveloper {
            members.append(Member("instructions", .string(texts[0])))
        } else {
            for text in texts { items.append(.members(["role": .string("developer"), "content": .string(text)])) }
        }
        for turn in turns {
            items.append(.members(["role": .string("user"), "content": responsesContent(turn.question)]))
            if let reminder = turn.reminder {
                items.append(.members(["role": .string("developer"), "content": .string(reminder)]))
            }
            for answer in turn.answers { items += responses(answer, &spelling) }
        }
        // A client that has nothing but one text to say.
        if items.count == 1, case .scalar? = items[0]["content"], let text = items[0]["content"] {
            members.append(Member("input", text))
        } else {
            members.append(Member("input", .array(items)))
        }
        return members
    }

    private func responsesTools(_ spelling: inout Spelling) -> [Tree] {
        var tools: [Tree] = []
        for tool in spelling.shuffled(session.tools) {
            var members = [Member("name", spelling.string(tool.name)), Member("description", spelling.string(tool.description))]
            switch tool.kind {
            case .hosted: members = [Member("type", .string("web_search"))]
            case .custom: members.append(Member("type", .string("custom")))
            case .function:
                members.append(Member("type", .string("function")))
                members.append(Member("parameters", spelling.value(tool.schema, keepsOrder: tool.isStrict)))
                // Unsaid it is strict.
                if !tool.isStrict { members.append(Member("strict", .scalar("false"))) }
            }
            tools.append(.object(spelling.shuffled(members)))
        }
        return tools
    }

    private func responsesContent(_ pieces: [AgentSession.Piece]) -> Tree {
        if case .text(let text)? = pieces.first, pieces.count == 1, !session.writesParts { return .string(text) }
        return .array(
            pieces.map { piece in
                switch piece {
                case .text(let text): .members(["type": .string("input_text"), "text": .string(text)])
                case .image:
                    .members([
                        "type": .string("input_image"), "image_url": .string("data:image/png;base64," + Self.image),
                    ])
                case .file:
                    .members([
                        "type": .string("input_file"), "filename": .string("a.pdf"),
                        "file_data": .string("data:application/pdf;base64," + Self.file),
                    ])
                }
            })
    }

    private func responses(_ answer: AgentSession.Answer, _ spelling: inout Spelling) -> [Tree] {
        var items: [Tree] = []
        if let number = answer.proof {
            let summary = Tree.members(["type": .string("summary_text"), "text": .string(answer.thought)])
            items.append(
                .members([
                    "type": .string("reasoning"), "id": .string("rs_\(number)"), "summary": .array([summary]),
                    "encrypted_content": .string(proof(number)),
                ]))
        }
        if let text = answer.text {
            let part = Tree.members(["type": .string("output_text"), "text": .string(text), "annotations": .array([])])
            items.append(
                .members(["type": .string("message"), "role": .string("assistant"), "content": .array([part])]))
        }
        for call in answer.calls {
            if let input = call.input {
                items.append(
                    .members([
                        "type": .string("custom_tool_call"), "call_id": id(call, of: answer), "name": .string(call.tool),
                        "input": .string(input),
                    ]))
            } else {
                items.append(
                    .members([
                        "type": .string("function_call"), "call_id": id(call, of: answer), "name": .string(call.tool),
                        "arguments": spelling.encoded(call.arguments),
                    ]))
            }
        }
        for call in answer.calls {
            items.append(
                .members([
                    "type": .string(call.input == nil ? "function_call_output" : "custom_tool_call_output"),
                    "call_id": id(call, of: answer), "output": responsesContent(call.result),
                ]))
        }
        return items
    }
}
