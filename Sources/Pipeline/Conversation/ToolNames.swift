import NIOCore
package import Wire

/// Tools' names as a target is told them, where it would refuse the client's own.
///
/// A name that is too long, or has a character that the target's form does not know, is told as what is left of it with a
/// hash of the whole behind it: the same in every turn, and never another tool's. Names that are taken stay as they are.
package struct ToolNames: Sendable {
    private var told: [JSONText: JSONText] = [:]
    private var clients: [JSONText: JSONText] = [:]

    /// Every name is told as the client gave it.
    package static let unchanged = ToolNames()

    private init() {}

    /// - Parameter form: the target's.
    package init(_ conversation: Conversation, for form: RequestForm) {
        let rule = Rule(form)
        var refused: [JSONText] = []
        conversation.forEachToolName { name in
            if !rule.takes(name), !refused.contains(name) { refused.append(name) }
        }
        guard !refused.isEmpty else { return }
        var taken: Set<JSONText> = []
        conversation.forEachToolName { name in if rule.takes(name) { taken.insert(name) } }
        for name in refused {
            var seed: UInt64 = 0
            var candidate = rule.candidate(for: name, seed: seed)
            while taken.contains(candidate) {
                seed += 1
                candidate = rule.candidate(for: name, seed: seed)
            }
            taken.insert(candidate)
            told[name] = candidate
            clients[candidate] = name
        }
    }

    package var isEmpty: Bool { told.isEmpty }

    /// The client's name for what the target calls `name`.
    package func client(_ name: JSONText) -> JSONText { clients[name] ?? name }

    /// Gives the tools, the choice among them, the calls and their results the names that the target is told.
    package func apply(to conversation: inout Conversation) {
        guard !isEmpty else { return }
        for place in conversation.tools.indices where !conversation.tools[place].isVendors {
            conversation.tools[place].name = target(conversation.tools[place].name)
        }
        switch conversation.toolChoice {
        case .tool(let name): conversation.toolChoice = .tool(name: target(name))
        case .subset(let names, let mustCall):
            conversation.toolChoice = .subset(names: names.map(target), mustCall: mustCall)
        case .auto, .some(.none), .required, .other, nil: break
        }
        for message in conversation.messages.indices {
            for part in conversation.messages[message].parts.indices {
                apply(to: &conversation.messages[message].parts[part])
            }
        }
    }

    private func apply(to part: inout Part) {
        switch part.content {
        case .toolCall(var call):
            call.name = target(call.name)
            part.content = .toolCall(call)
        case .toolResult(var result):
            guard let name = result.name else { return }
            result.name = target(name)
            part.content = .toolResult(result)
        case .text, .refusal, .image, .audio, .file, .reasoning, .other: break
        }
    }

    private func target(_ name: JSONText) -> JSONText { told[name] ?? name }
}

extension ToolNames {
    /// What a form's vendors take for a name: OpenAI's `^[a-zA-Z0-9_-]{1,64}$`, Anthropic's the same up to 128 (packages
    /// openai 3.52.0 and anthropic 2.11.0, read 2026-11); Gemini's with full stops and colons, a letter or `_` first, of
    /// which older models take 64 (package google-genai 3.4.0, types.FunctionDeclaration: 128, read 2026-11).
    private struct Rule {
        let maximumBytes: Int
        let isGemini: Bool

        init(_ form: RequestForm) {
            maximumBytes = form == .anthropicMessages ? 128 : 64
            isGemini = form == .geminiGenerate
        }

        func takes(_ name: JSONText) -> Bool {
            let bytes = name.content.readableBytesView
            guard !bytes.isEmpty, bytes.count <= maximumBytes, bytes.allSatisfy(takes) else { return false }
            return !isGemini || bytes.first.map(Self.begins) ?? false
        }

        private func takes(_ byte: UInt8) -> Bool {
            byte.isNameByte || isGemini && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":"))
        }

        private static func begins(_ byte: UInt8) -> Bool {
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
        }

        /// - Parameter seed: another one gives another name.
        func candidate(for name: JSONText, seed: UInt64) -> JSONText {
            let meaning = name.decoded
            if seed == 0, takes(JSONText(content: meaning)) { return JSONText(content: meaning) }
            let hash = meaning.withUnsafeReadableBytes { StableHash.hash($0, seed: 0x746F_6F6C &+ seed) }
            var digits = String(hash & 0xFFFF_FFFF, radix: 16)
            digits = String(repeating: "0", count: 8 - digits.utf8.count) + digits
            var buffer = ByteBuffer()
            for byte in meaning.readableBytesView {
                guard buffer.readableBytes < maximumBytes - 9 else { break }
                if buffer.readableBytes == 0, isGemini, !Self.begins(byte) { buffer.writeStaticString("_") }
                let isGap = buffer.readableBytesView.last == UInt8(ascii: "_")
                if takes(byte) { buffer.writeInteger(byte) } else if !isGap { buffer.writeStaticString("_") }
            }
            if buffer.readableBytesView.last != UInt8(ascii: "_") { buffer.writeStaticString("_") }
            buffer.writeString(digits)
            return JSONText(content: buffer)
        }
    }
}

extension ToolDefinition {
    /// Run by the vendor.
    var isVendors: Bool {
        if case .hosted = kind { true } else { false }
    }
}

extension Conversation {
    /// Calls `body` with every name of a tool that the client said, wherever it did.
    fileprivate func forEachToolName(_ body: (JSONText) -> Void) {
        for place in tools.indices where !tools[place].isVendors { body(tools[place].name) }
        switch toolChoice {
        case .tool(let name): body(name)
        case .subset(let names, _): names.forEach(body)
        case .auto, .some(.none), .required, .other, nil: break
        }
        for message in messages {
            for part in message.parts {
                switch part.content {
                case .toolCall(let call): body(call.name)
                case .toolResult(let result): if let name = result.name { body(name) }
                case .text, .refusal, .image, .audio, .file, .reasoning, .other: break
                }
            }
        }
    }
}
