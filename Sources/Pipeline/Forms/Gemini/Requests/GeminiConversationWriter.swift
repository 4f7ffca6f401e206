import NIOCore
package import Wire

/// Writes a conversation as a `generateContent` request. Order: tools, system instruction, contents, tool choice, settings.
package enum GeminiConversationWriter {
    /// - Parameter index: scratch.
    package static func write(
        _ conversation: Conversation, for target: WritingTarget, index: inout JSONIndex
    ) throws(ConversationError) -> WrittenRequest {
        let model = GeminiModel(target.model)
        var report = FidelityReport()
        var contents = GeminiContents(conversation, model: model)
        try contents.build(report: &report, index: &index)
        var body = ByteBuffer()
        body.reserveCapacity(2_048)
        JSONWriter.write(into: &body) { writer in
            writer.object { root in
                GeminiToolsWriter.write(conversation, to: &root, &report)
                writeSystem(contents.instructions, to: &root)
                contents.write(to: &root)
                GeminiToolsWriter.writeChoice(conversation, to: &root, &report)
                GeminiSettingsWriter.write(conversation, model: model, to: &root, &report)
                conversation.writeGeminis(in: "", to: &root)
            }
        }
        if conversation.hasCacheMarks { report.drop(.cacheMarks, of: conversation.form) }
        for other in conversation.others where !conversation.isGeminis(other) { report.drop(other.name) }
        return WrittenRequest(body: body, report: report)
    }

    private static func writeSystem(_ texts: [JSONText], to root: inout JSONWriter) {
        guard !texts.isEmpty else { return }
        root.object("systemInstruction") { content in
            content.array("parts") { parts in
                for text in texts { parts.object { $0.member("text", text) } }
            }
        }
    }
}

/// What only this form knows goes back to it as it came.
extension Conversation {
    private static let containers = ["generationConfig.", "toolConfig."]

    /// Whether `writeGeminis` writes the member in its place.
    fileprivate func isGeminis(_ other: OtherField) -> Bool {
        guard form == .geminiGenerate else { return false }
        let container = Self.containers.first { other.name.hasPrefix($0) } ?? ""
        return !other.name.dropFirst(container.count).contains(".")
    }

    func hasGeminis(in container: String) -> Bool {
        others.contains { isGeminis($0) && $0.name.hasPrefix(container) }
    }

    /// - Parameter container: with its full stop; empty: the body.
    func writeGeminis(in container: String, to object: inout JSONWriter) {
        for other in others where isGeminis(other) {
            let name = other.name.dropFirst(container.count)
            guard other.name.hasPrefix(container), !name.contains(".") else { continue }
            object.key(String(name))
            object.fragment(other.value)
        }
    }
}

extension Conversation {
    /// A cache mark stands somewhere.
    var hasCacheMarks: Bool {
        instructions.contains { $0.cacheMark != nil } || tools.contains { $0.cacheMark != nil }
            || messages.contains { $0.parts.contains(where: \.hasCacheMark) }
    }
}

extension Part {
    fileprivate var hasCacheMark: Bool {
        if cacheMark != nil { return true }
        if case .toolResult(let result) = content { return result.parts.contains { $0.cacheMark != nil } }
        return false
    }
}
