import NIOCore
import Wire

/// A list of tools as it is to be sent.
struct SpelledTools {
    /// The list's place in the body.
    let span: Range<Int>
    /// Without cache marks: what is hashed.
    let text: ByteBuffer
    /// With them: what is sent.
    let markedText: ByteBuffer
    /// The marks in it, in its order: it asks for the longer of a vendor's two lives.
    let longMarks: [Bool]
    /// The last tool can bear a mark and has none.
    let isLastMarkable: Bool
    /// The tool that stands last in the body: what is put before its closing brace stands in the last tool of the text. nil:
    /// the text does not end with a tool's brace.
    let lastTool: Range<Int>?
}

/// Spells lists of tools in one way: members by name, schemas canonical, no white space. Where the order of a schema's keys
/// steers the answer, in functions whose arguments must follow it (`strict`), it stays.
///
/// Cache marks stand behind a tool's other members. They mean "up to here": in a list whose tools have moved, one that asks
/// for the longest life is left, on the last tool.
struct ToolSpelling {
    let source: PromptSource
    private let json: CanonicalJSON
    /// false: cache marks are left out.
    private let keepsMarks: Bool

    init(_ source: PromptSource, keepsMarks: Bool) {
        self.source = source
        json = source.json
        self.keepsMarks = keepsMarks
    }

    /// nil: the list stands as it is to be sent.
    func respelled(_ list: ToolList) -> SpelledTools? {
        if list.order == nil, isCanonical(list: list.node) { return nil }
        let tools = list.order ?? Array(source.index.elements(of: list.node))
        var marks: [Mark] = []
        var text = ByteBuffer()
        var isWritten = false
        text.writeWithUnsafeMutableBytes(minimumWritableBytes: CanonicalWriter.room(for: list.node, in: source.index)) { room in
            var writer = CanonicalWriter(json, room: room)
            isWritten = write(tools, list: list, &writer, &marks)
            return isWritten ? writer.count : 0
        }
        guard isWritten else { return nil }
        if list.order != nil { marks = moved(marks, to: tools, end: text.readableBytes - 2) }
        let isMarked = marks.contains { $0.tool == tools.count - 1 }
        return SpelledTools(
            span: source.index.span(list.node), text: text, markedText: with(marks, text), longMarks: marks.map(\.isLong),
            isLastMarkable: !isMarked && tools.last.map(bearsMarks) ?? false, lastTool: lastTool(of: list.node, text))
    }

    private func lastTool(of list: Int, _ text: ByteBuffer) -> Range<Int>? {
        var last: Int?
        for tool in source.index.elements(of: list) { last = tool }
        guard let last, source.index.kind(of: last) == .object, text.readableBytesView.suffix(2).elementsEqual("}]".utf8)
        else { return nil }
        return source.index.span(last)
    }

    // MARK: Marks

    /// A mark and where it goes.
    private struct Mark {
        /// The key's node.
        var key: Int
        /// Offset in the text without marks.
        var offset: Int
        /// Position of its tool in the new order.
        var tool: Int
        var isLong: Bool
    }

    private func isMark(_ key: Int) -> Bool {
        source.means(key, "cache_control") || source.means(key, "prompt_cache_breakpoint")
    }

    private func isLong(_ mark: Int) -> Bool {
        guard let life = source.member("ttl", of: mark) else { return false }
        return source.means(life, "1h") || source.means(life, "12h") || source.means(life, "24h")
    }

    /// A tool whose definition is deferred bears none (tool search, platform.claude.com, read 2026-11).
    private func bearsMarks(_ tool: Int) -> Bool {
        source.index.kind(of: tool) == .object && source.form != .geminiGenerate
            && source.member("defer_loading", of: tool) == nil
    }

    /// One of each name, the longest, on the last tool: the others' "up to here" lies before it.
    ///
    /// - Parameter end: offset of the last tool's closing brace in the text.
    private func moved(_ marks: [Mark], to tools: [Int], end: Int) -> [Mark] {
        guard let last = tools.last, bearsMarks(last) else { return marks.filter { $0.tool == tools.count - 1 } }
        var kept: [Mark] = []
        for mark in marks {
            if let place = kept.firstIndex(where: { source.json.sameText($0.key, mark.key) }) {
                if mark.isLong, !kept[place].isLong { kept[place] = mark }
            } else {
                kept.append(mark)
            }
        }
        for place in kept.indices {
            kept[place].offset = end
            kept[place].tool = tools.count - 1
        }
        return kept
    }

    private func with(_ marks: [Mark], _ text: ByteBuffer) -> ByteBuffer {
        guard !marks.isEmpty else { return text }
        var marked = ByteBuffer()
        var copied = 0
        text.withUnsafeReadableBytes { text in
            for mark in marks {
                marked.writeBytes(text[copied..<mark.offset])
                if text[mark.offset - 1] != UInt8(ascii: "{") || copied == mark.offset { marked.writeStaticString(",") }
                let end = source.index.span(mark.key + 1).upperBound
                marked.writeBytes(source.bytes[source.index.span(mark.key).lowerBound..<end])
                copied = mark.offset
            }
            marked.writeBytes(text[copied...])
        }
        return marked
    }

    // MARK: Writing

    private func write(
        _ tools: [Int], list: ToolList, _ writer: inout CanonicalWriter, _ marks: inout [Mark]
    ) -> Bool {
        guard writer.byte(UInt8(ascii: "[")) else { return false }
        for (position, tool) in tools.enumerated() {
            if position > 0, !writer.byte(UInt8(ascii: ",")) { return false }
            let (start, known) = (writer.count, marks.count)
            guard !write(tool, position, &writer, &marks) else { continue }
            // What two readers could take for two tools is sent as it came.
            writer.rewind(to: start)
            marks.removeSubrange(known...)
            guard writer.copy(source.index.span(tool)) else { return false }
        }
        return writer.byte(UInt8(ascii: "]"))
    }

    private func write(_ tool: Int, _ position: Int, _ writer: inout CanonicalWriter, _ marks: inout [Mark]) -> Bool {
        guard source.index.kind(of: tool) == .object else { return writer.write(tool, .sorted) }
        let isStrict = isStrict(tool)
        let isWritten = writer.write(object: tool, .sorted, except: isMark) { writer, value in
            switch role(of: value, isStrict: isStrict) {
            case .definition: write(value, position, &writer, &marks)
            case .keptSchema: writer.write(value, .kept)
            case .declarations: write(declarations: value, &writer)
            case .other: writer.write(value, .sorted)
            }
        }
        guard isWritten else { return false }
        for (key, value) in source.index.members(of: tool) where keepsMarks && isMark(key) {
            marks.append(Mark(key: key, offset: writer.count - 1, tool: position, isLong: isLong(value)))
        }
        return true
    }

    private func write(declarations list: Int, _ writer: inout CanonicalWriter) -> Bool {
        let functions = ToolOrder(source).declarations(list) ?? Array(source.index.elements(of: list))
        guard writer.byte(UInt8(ascii: "[")) else { return false }
        for (position, function) in functions.enumerated() {
            if position > 0, !writer.byte(UInt8(ascii: ",")) { return false }
            guard writer.write(function, .sorted) else { return false }
        }
        return writer.byte(UInt8(ascii: "]"))
    }

    /// What a member of a tool is.
    private enum MemberRole {
        /// Chat Completions' `function`.
        case definition
        /// A schema whose keys stay in order.
        case keptSchema
        /// Gemini's functions.
        case declarations
        case other
    }

    private func role(of value: Int, isStrict: Bool) -> MemberRole {
        let key = value - 1
        switch source.index.kind(of: value) {
        case .object:
            if source.form == .openAIChat, source.means(key, "function") { return .definition }
            let isSchema = isStrict && (source.means(key, "parameters") || source.means(key, "input_schema"))
            return isSchema ? .keptSchema : .other
        case .array:
            let isList = source.means(key, "functionDeclarations") || source.means(key, "function_declarations")
            return source.form == .geminiGenerate && isList ? .declarations : .other
        case .string, .number, .true, .false, .null: return .other
        }
    }

    /// In Responses, functions are strict unless they say they are not (OpenAI's reference, function tools, read 2026-11).
    private func isStrict(_ tool: Int) -> Bool {
        let strict = source.member("strict", of: tool).map { source.index.kind(of: $0) }
        return source.form == .openAIResponses ? strict != .false : strict == .true
    }

    // MARK: Checking

    private func isCanonical(list: Int) -> Bool {
        var expected = source.index.span(list).lowerBound + 1
        for tool in source.index.elements(of: list) {
            let span = source.index.span(tool)
            guard span.lowerBound == expected, isCanonical(tool: tool) else { return false }
            expected = span.upperBound + 1
        }
        return expected == source.index.span(list).upperBound
    }

    private func isCanonical(tool: Int) -> Bool {
        guard source.index.kind(of: tool) == .object else { return json.isCanonical(tool) }
        let isStrict = isStrict(tool)
        var expected = source.index.span(tool).lowerBound + 1
        var previous: Int?
        for (key, value) in source.index.members(of: tool) {
            let (name, span) = (source.index.span(key), source.index.span(value))
            guard name.lowerBound == expected, span.lowerBound == name.upperBound + 1 else { return false }
            expected = span.upperBound + 1
            if isMark(key) { continue }
            guard json.isCanonical(key), previous.map({ json.precedes(source.index[$0], source.index[key]) }) ?? true
            else { return false }
            previous = key
            let isRight =
                switch role(of: value, isStrict: isStrict) {
                case .definition: isCanonical(tool: value)
                case .keptSchema: json.isCanonical(value, .kept)
                case .declarations: ToolOrder(source).declarations(value) == nil && json.isCanonical(value)
                case .other: json.isCanonical(value)
                }
            guard isRight else { return false }
        }
        return expected == source.index.span(tool).upperBound
    }
}

extension CanonicalJSON {
    /// Two keys mean the same.
    fileprivate func sameText(_ one: Int, _ other: Int) -> Bool {
        !precedes(index[one], index[other]) && !precedes(index[other], index[one])
    }
}
