/// What Anthropic refuses in the messages: their order, their blocks, calls and results, thoughts (as of 2026-11).
struct AnthropicTurns {
    let family: ModelFamily
    let version: AnthropicVersion

    /// Neighbouring messages of one role.
    private struct Turn {
        let role: JSONTree
        /// The first message's place.
        let position: Int
        var blocks: [JSONTree]
    }

    /// - Parameter body: the whole request, for what holds beyond the messages.
    func check(_ messages: [JSONTree], of body: JSONTree) throws(RequestProblem) {
        guard messages.first?["role"] != "assistant" else {
            throw Self.problem("messages: first message must use the \"user\" role")
        }
        try checkSystemMessages(messages)
        var turns: [Turn] = []
        for (position, message) in messages.enumerated() {
            let blocks = try blocks(of: message, at: position, isLast: position == messages.count - 1)
            if let last = turns.last, last.role == message["role"] {
                turns[turns.count - 1].blocks += blocks
            } else {
                turns.append(Turn(role: message["role"] ?? .null, position: position, blocks: blocks))
            }
        }
        try checkResults(turns.filter { $0.role != "system" })
        if family.refusesPrefill, turns.last?.role == "assistant" {
            throw Self.problem(
                "This model does not support assistant message prefill. The conversation must end with a user message.")
        }
        if body["thinking"]?["type"] == "enabled" { try checkThoughtFirst(turns) }
    }

    private static func problem(_ message: String) -> RequestProblem {
        RequestProblem(message: message, parameter: "messages")
    }

    private func checkSystemMessages(_ messages: [JSONTree]) throws(RequestProblem) {
        for (position, message) in messages.enumerated() where message["role"] == "system" {
            guard family.takesSystemMessages else {
                throw Self.problem("messages.\(position).role: system messages are not supported for this model")
            }
            let follows = position > 0 && messages[position - 1]["role"] == "user"
            let ends = position == messages.count - 1 || messages[position + 1]["role"] == "assistant"
            guard follows, ends else {
                throw Self.problem(
                    "messages.\(position): a system message must follow a user turn and be last or be followed by an assistant turn"
                )
            }
        }
    }

    /// The message's blocks, each of them good by itself.
    private func blocks(of message: JSONTree, at position: Int, isLast: Bool) throws(RequestProblem) -> [JSONTree] {
        let isAssistant = message["role"] == "assistant"
        let mayBeEmpty = isLast && isAssistant
        let empty = Self.problem(
            "messages.\(position): all messages must have non-empty content except for the optional final assistant message"
        )
        switch message["content"] {
        case .string(let text)?:
            guard !text.isEmpty || mayBeEmpty else { throw empty }
            return [["type": "text", "text": .string(text)]]
        case .array(let blocks)?:
            guard !blocks.isEmpty || mayBeEmpty else { throw empty }
            for (index, block) in blocks.enumerated() {
                try check(block, isAssistant: isAssistant, at: "messages.\(position).content.\(index)")
            }
            return blocks
        default: return []
        }
    }

    private func check(_ block: JSONTree, isAssistant: Bool, at path: String) throws(RequestProblem) {
        switch block["type"] {
        case "text":
            try AnthropicRules.checkText(block, at: path, name: "messages")
            if !isAssistant, version == .october2026, !(block["citations"]?.elements ?? []).isEmpty {
                throw Self.problem("\(path).citations: are not supported in user messages")
            }
        case "image", "search_result":
            guard isAssistant else {
                if block["type"] == "image" { try MediaRules.checkAnthropic(block, at: path) }
                return
            }
            throw Self.problem("\(path): `\(block["type"]?.text ?? "")` blocks are not permitted in assistant messages")
        case "document":
            try MediaRules.checkAnthropic(block, at: path)
            guard isAssistant, version == .october2026 else { return }
            throw Self.problem("\(path): `document` blocks are not permitted in assistant messages")
        case "tool_use": try checkCall(block, isAssistant: isAssistant, at: path)
        case "tool_result":
            guard !isAssistant else {
                throw Self.problem("\(path): `tool_result` blocks can only be in `user` messages")
            }
            for (index, inner) in (block["content"]?.elements ?? []).enumerated() {
                try AnthropicRules.checkText(inner, at: "\(path).tool_result.content.\(index)", name: "messages")
                guard inner["type"] == "image" else { continue }
                try MediaRules.checkAnthropic(inner, at: "\(path).tool_result.content.\(index)")
            }
        case "thinking", "redacted_thinking": try checkThought(block, isAssistant: isAssistant, at: path)
        case let kind?:
            // Every part of the other forms.
            let foreign: [JSONTree] = [
                "image_url", "input_text", "input_image", "output_text", "function_call", "input_audio", "file",
                "refusal", "tool_call",
            ]
            guard foreign.contains(kind) else { return }
            throw Self.problem(
                "\(path): Input tag '\(kind.text ?? "")' found using 'type' does not match any of the expected tags")
        case nil: throw Self.problem("\(path).type: Field required")
        }
    }

    private func checkCall(_ block: JSONTree, isAssistant: Bool, at path: String) throws(RequestProblem) {
        guard isAssistant else {
            throw Self.problem("\(path): `tool_use` blocks can only be in `assistant` messages")
        }
        guard let id = block["id"]?.text, AnthropicRules.isIdentifier(id, most: 256) else {
            throw Self.problem("\(path).tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
        }
        guard block["input"]?.members != nil else {
            throw Self.problem("\(path).tool_use.input: Input should be a valid dictionary")
        }
        guard block["name"]?.text?.isEmpty == false else {
            throw Self.problem("\(path).tool_use.name: Field required")
        }
    }

    private func checkThought(_ block: JSONTree, isAssistant: Bool, at path: String) throws(RequestProblem) {
        guard isAssistant else {
            throw Self.problem("\(path): `thinking` blocks can only be in `assistant` messages")
        }
        guard block["type"] == "thinking" else {
            guard Seal.anthropic.isGenuine(block["data"]?.text ?? "") else {
                throw Self.problem("\(path): Invalid `data` in `redacted_thinking` block")
            }
            return
        }
        guard let text = block["thinking"]?.text else {
            throw Self.problem("\(path).thinking.thinking: Field required")
        }
        guard let signature = block["signature"]?.text else {
            throw Self.problem("\(path).thinking.signature: Field required")
        }
        guard signature == Seal.anthropic.seal(of: text) else {
            throw Self.problem("\(path): Invalid `signature` in `thinking` block")
        }
        guard block["cache_control"] == nil else {
            throw Self.problem("\(path).thinking.cache_control: Extra inputs are not permitted")
        }
    }

    /// The results of a turn's calls come first in the next turn, all of them and no others.
    private func checkResults(_ turns: [Turn]) throws(RequestProblem) {
        var open: Set<String> = []
        for turn in turns {
            var waiting = open
            var isPastResults = false
            for (index, block) in turn.blocks.enumerated() where turn.role == "user" {
                guard block["type"] == "tool_result" else {
                    isPastResults = true
                    continue
                }
                let id = block["tool_use_id"]?.text ?? ""
                guard open.contains(id) else {
                    throw Self.problem(
                        "messages.\(turn.position).content.\(index): unexpected `tool_use_id` found in `tool_result` blocks: \(id). Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
                    )
                }
                if !isPastResults { waiting.remove(id) }
            }
            guard waiting.isEmpty else { throw Self.unanswered(waiting, before: turn.position) }
            let calls = turn.blocks.filter { $0["type"] == "tool_use" }.compactMap { $0["id"]?.text }
            guard Set(calls).count == calls.count else {
                throw Self.problem("messages: `tool_use` ids must be unique")
            }
            open = Set(calls)
        }
        guard open.isEmpty else { throw Self.unanswered(open, before: (turns.last?.position ?? 0) + 1) }
    }

    private static func unanswered(_ calls: Set<String>, before position: Int) -> RequestProblem {
        problem(
            "messages.\(max(0, position - 1)): `tool_use` ids were found without `tool_result` blocks immediately after: \(calls.sorted().joined(separator: ", ")). Each `tool_use` block must have a corresponding `tool_result` block in the next message."
        )
    }

    /// With a budget, the assistant's part of the running turn begins with a thought.
    private func checkThoughtFirst(_ turns: [Turn]) throws(RequestProblem) {
        guard turns.last?.blocks.contains(where: { $0["type"] == "tool_result" }) ?? false,
            let turn = turns.dropLast().last, turn.role == "assistant", let first = turn.blocks.first
        else { return }
        guard first["type"] == "thinking" || first["type"] == "redacted_thinking" else {
            throw Self.problem(
                "messages.\(turn.position).content.0.type: Expected `thinking` or `redacted_thinking`, but found `\(first["type"]?.text ?? "")`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks)."
            )
        }
    }
}
