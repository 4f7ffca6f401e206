import NIOCore
import Wire

/// A list of tools as it is to be sent.
struct SpelledTools: Sendable {
    /// The list's place in the body.
    var span: Range<Int>
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
    var lastTool: Range<Int>?
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
        var rules = CanonicalRules()
        for mark in list.marks { rules.leaveOut(mark.key) }
        for (node, functions) in list.declarations { rules.reorder(node, functions) }
        for tool in list.tools { if let schema = tool.strictSchema { rules.keep(schema) } }
        if !list.isMoved, json.isCanonical(list.node, rules: rules) { return nil }
        var marks: [PlacedMark] = []
        guard let text = write(list, rules, &marks) else { return nil }
        let isMarked = marks.contains { $0.tool == list.tools.last?.node }
        return SpelledTools(
            span: source.index.span(list.node), text: text, markedText: with(marks, text), longMarks: marks.map(\.isLong),
            isLastMarkable: !isMarked && list.tools.last.map(bearsMarks) ?? false, lastTool: lastTool(of: list, text))
    }

    private func lastTool(of list: ToolList, _ text: ByteBuffer) -> Range<Int>? {
        let end = text.readerIndex + text.readableBytes
        guard text.getInteger(at: end - 2, as: UInt16.self) == 0x7D5D,
            let last = list.tools.max(by: { $0.node < $1.node }), source.index.kind(of: last.node) == .object
        else { return nil }
        return source.index.span(last.node)
    }

    // MARK: Marks

    /// A mark and where it is put in the text without marks.
    private struct PlacedMark {
        var key: Int
        var tool: Int
        var isBreakpoint: Bool
        var isLong: Bool
        var offset: Int
    }

    /// A tool whose definition is deferred bears none (tool search, platform.claude.com, read 2026-11).
    private func bearsMarks(_ tool: ToolOutline) -> Bool {
        source.index.kind(of: tool.node) == .object && source.form != .geminiGenerate && !tool.isDeferred
    }

    /// One of each name, the longest, on the last tool: the others' "up to here" lies before it.
    ///
    /// - Parameter ends: offsets of the tools' closing braces in the text.
    private func moved(_ marks: [PlacedMark], _ list: ToolList, ends: [Int]) -> [PlacedMark] {
        guard !marks.isEmpty, let last = list.tools.lastIndex(where: bearsMarks) else { return [] }
        var kept: [PlacedMark] = []
        for mark in marks {
            if let place = kept.firstIndex(where: { $0.isBreakpoint == mark.isBreakpoint }) {
                if mark.isLong, !kept[place].isLong { kept[place] = mark }
            } else {
                kept.append(mark)
            }
        }
        for place in kept.indices {
            kept[place].offset = ends[last]
            kept[place].tool = list.tools[last].node
        }
        return kept
    }

    private func with(_ marks: [PlacedMark], _ text: ByteBuffer) -> ByteBuffer {
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

    /// The list without marks, which are told where they go.
    private func write(_ list: ToolList, _ rules: CanonicalRules, _ marks: inout [PlacedMark]) -> ByteBuffer? {
        var text = ByteBuffer()
        var isWritten = false
        text.writeWithUnsafeMutableBytes(minimumWritableBytes: CanonicalWriter.room(for: list.node, in: source.index)) { room in
            var writer = CanonicalWriter(json, rules: rules, room: room)
            var ends: [Int] = []
            isWritten = write(list, &writer, &ends)
            guard isWritten else { return 0 }
            if keepsMarks, !list.marks.isEmpty {
                for mark in list.marks {
                    guard let end = writer.openEnds.first(where: { $0.object == mark.object }) else { continue }
                    marks.append(
                        PlacedMark(
                            key: mark.key, tool: mark.tool, isBreakpoint: mark.isBreakpoint, isLong: mark.isLong,
                            offset: end.offset))
                }
                if list.isMoved { marks = moved(marks, list, ends: ends) }
                marks.sort { $0.offset < $1.offset }
            }
            return writer.count
        }
        return isWritten ? text : nil
    }

    private func write(_ list: ToolList, _ writer: inout CanonicalWriter, _ ends: inout [Int]) -> Bool {
        guard writer.byte(UInt8(ascii: "[")) else { return false }
        for (position, tool) in list.tools.enumerated() {
            if position > 0, !writer.byte(UInt8(ascii: ",")) { return false }
            let start = writer.count
            if !writer.write(tool.node, .sorted) {
                // What two readers could take for two tools is sent as it came, its marks too.
                writer.rewind(to: start)
                guard writer.copy(tool.node) else { return false }
            }
            if !list.marks.isEmpty { ends.append(writer.count - 1) }
        }
        return writer.byte(UInt8(ascii: "]"))
    }
}
