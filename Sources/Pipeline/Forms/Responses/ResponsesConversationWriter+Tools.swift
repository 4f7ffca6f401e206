import NIOCore
import Wire

extension ResponsesRequestComposer {
    /// - Parameter index: scratch.
    mutating func writeTools(into writer: inout JSONWriter, index: inout JSONIndex) {
        var tools = JSONWriter()
        for tool in conversation.tools { write(tool, into: &tools, index: &index) }
        guard tools.buffer.readableBytes > 0 else { return }
        writer.array("tools") { $0.raw(tools.buffer) }
    }

    private mutating func write(_ tool: ToolDefinition, into writer: inout JSONWriter, index: inout JSONIndex) {
        if case .hosted(let definition, let type) = tool.kind {
            guard isOwnForm else { return report.drop("tools.\(type)") }
            return writer.fragment(definition)
        }
        if tool.cacheMark != nil { report.drop(.cacheMarks, of: conversation.form) }
        if !isOwnForm {
            for other in tool.others { report.drop(other.name) }
        }
        if tool.isStrict == true, !traits.takesStrictTools {
            report.drop(ConversationField.tools.name(in: conversation.form) + ".strict")
        }
        // Left unsaid, this form means "if it can be", and others mean "no".
        let strict = isOwnForm ? tool.isStrict : tool.isStrict ?? false
        ResponsesTools.write(
            tool.describingResult(of: conversation.form, &report), strict: traits.takesStrictTools ? strict : nil, others: isOwnForm ? tool.others : [], into: &writer,
            index: &index)
    }

    mutating func writeToolChoice(into writer: inout JSONWriter) {
        if let choice = conversation.toolChoice {
            if case .other(let fragment) = choice {
                if isOwnForm {
                    writer.member("tool_choice", fragment)
                } else {
                    report.drop(.toolChoice, of: conversation.form)
                }
            } else {
                writer.key("tool_choice")
                ResponsesTools.write(choice, tools: conversation.tools, into: &writer)
            }
        }
        if let allowsParallel = conversation.allowsParallelToolCalls, takes(.parallelToolCalls) {
            writer.member("parallel_tool_calls", allowsParallel)
        }
    }

    /// An id that OpenAI takes: at most 64 characters. The same for a call and its result, and in every turn.
    static func callID(_ id: JSONText) -> JSONText {
        let limit = 64
        guard id.byteCount > limit else { return id }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in id.content.readableBytesView {
            hash ^= UInt64(byte)
            hash = hash &* 0x100_0000_01b3
        }
        var buffer = ByteBuffer()
        for byte in id.content.readableBytesView.prefix(limit - 17) {
            buffer.writeInteger(byte.isNameByte ? byte : UInt8(ascii: "_"))
        }
        buffer.writeStaticString("_")
        let digits = String(hash, radix: 16)
        buffer.writeString(String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits)
        return JSONText(content: buffer)
    }
}

/// Tools as requests and answers write them.
enum ResponsesTools {
    /// - Parameters:
    ///   - strict: written as it is; nil: left out.
    ///   - others: members besides the usual, by their names behind `tools.`.
    ///   - index: scratch.
    static func write(
        _ tool: ToolDefinition, strict: Bool?, others: [OtherField], into writer: inout JSONWriter,
        index: inout JSONIndex
    ) {
        switch tool.kind {
        case .hosted(let definition, _): return writer.fragment(definition)
        case .function(let parameters):
            writer.beginObject()
            writer.member("type", "function")
            writer.member("name", tool.name)
            writer.member("description", ifPresent: tool.description)
            writer.member("parameters", parameters ?? noParameters)
            writer.member("strict", ifPresent: strict)
        case .custom(let format):
            writer.beginObject()
            writer.member("type", "custom")
            writer.member("name", tool.name)
            writer.member("description", ifPresent: tool.description)
            writer.member("format", ifPresent: format.map { flat($0, index: &index) })
        }
        for other in others where other.name.hasPrefix("tools.") {
            writer.key(String(other.name.dropFirst(6)))
            writer.fragment(other.value)
        }
        writer.endObject()
    }

    /// Never `other`.
    static func write(_ choice: ToolChoice, tools: [ToolDefinition], into writer: inout JSONWriter) {
        switch choice {
        case .auto: writer.string("auto")
        case .none: writer.string("none")
        case .required: writer.string("required")
        case .other(let fragment): writer.fragment(fragment)
        case .tool(let name): writer.object { $0.named(name, among: tools) }
        case .subset(let names, let mustCall):
            writer.object {
                $0.member("type", "allowed_tools")
                $0.member("mode", mustCall ? "required" : "auto")
                $0.array("tools") { list in
                    for name in names { list.object { $0.named(name, among: tools) } }
                }
            }
        }
    }

    private static let noParameters = JSONFragment(
        trusted: ByteBuffer(staticString: #"{"type":"object","properties":{}}"#), kind: .object)

    /// A grammar as this form has it: its members stand on the format itself.
    private static func flat(_ format: JSONFragment, index: inout JSONIndex) -> JSONFragment {
        let inner: (syntax: JSONFragment, definition: JSONFragment)? = format.bytes.withUnsafeReadableBytes { bytes in
            guard (try? index.read(bytes)) != nil else { return nil }
            let text = ResponsesText(body: format.bytes, bytes: bytes, index: index)
            guard let grammar = text.member("grammar", of: 0), let syntax = text.member("syntax", of: grammar),
                let definition = text.member("definition", of: grammar)
            else { return nil }
            return (text.fragment(syntax), text.fragment(definition))
        }
        guard let inner else { return format }
        return JSONFragment(kind: .object) { writer in
            writer.object {
                $0.member("type", "grammar")
                $0.member("syntax", inner.syntax)
                $0.member("definition", inner.definition)
            }
        }
    }
}

extension JSONWriter {
    /// A tool by its name; what is not among the tools is taken for a function.
    fileprivate mutating func named(_ name: JSONText, among tools: [ToolDefinition]) {
        let isCustom = tools.contains { tool in
            if case .custom = tool.kind { tool.name == name } else { false }
        }
        member("type", isCustom ? "custom" : "function")
        member("name", name)
    }
}

extension UInt8 {
    /// A letter, a digit, `_` or `-`.
    var isNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
