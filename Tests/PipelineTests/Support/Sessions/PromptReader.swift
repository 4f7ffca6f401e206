import Pipeline
import Wire

/// Walks a request's prompt in the order in which vendors render it.
struct PromptReader {
    private static let marks: [StaticString] = ["cache_control", "prompt_cache_breakpoint"]

    private let bytes: UnsafeRawBufferPointer
    private let index: JSONIndex
    private(set) var pieces: [RenderedPrompt.Piece] = []

    init(_ bytes: UnsafeRawBufferPointer) throws {
        self.bytes = bytes
        var index = JSONIndex()
        try index.read(bytes)
        self.index = index
    }

    mutating func read(_ form: RequestForm) {
        for name in ["tools", "functions"] as [StaticString] {
            for tool in elements(member(name, of: 0)) { pieces.append(.tool(text(tool))) }
        }
        switch form {
        case .openAIChat: for message in elements(member("messages", of: 0)) { readMessage(message) }
        case .openAIResponses:
            if let instructions = member("instructions", of: 0) {
                pieces.append(.start)
                readContent(instructions)
            }
            guard let input = member("input", of: 0) else { return }
            if index.kind(of: input) == .string {
                pieces += [.start, .member(#""role":"user""#)]
                readContent(input)
            }
            for item in elements(input) { readMessage(item) }
        case .anthropicMessages:
            if let system = member("system", of: 0) {
                pieces.append(.start)
                readContent(system)
            }
            for message in elements(member("messages", of: 0)) { readMessage(message) }
        case .geminiGenerate:
            if let system = member("systemInstruction", of: 0) { readMessage(system) }
            for content in elements(member("contents", of: 0)) { readMessage(content) }
        }
    }

    /// The prompt in larger steps: the tools as they stand, what the instructions beside the messages and each message mean; marks
    /// are left out. `T` before tools, `M` before a message, `B` before all else.
    func steps(_ form: RequestForm) -> [String] {
        let tools = [member("tools", of: 0), member("functions", of: 0)].compactMap(\.self).map { "T" + text($0) }
        let system = member("instructions", of: 0) ?? member("system", of: 0) ?? member("systemInstruction", of: 0)
        let beside = system.map { ["B" + Meaning.of(text($0))] } ?? []
        guard let messages = member("messages", of: 0) ?? member("input", of: 0) ?? member("contents", of: 0) else {
            return tools + beside
        }
        guard index.kind(of: messages) == .array else { return tools + beside + ["B" + Meaning.of(text(messages))] }
        return tools + beside + index.elements(of: messages).map { "M" + Meaning.of(text($0)) }
    }

    private mutating func readMessage(_ message: Int) {
        pieces.append(.start)
        readMembers(message)
    }

    private mutating func readMembers(_ object: Int) {
        for (key, value) in index.members(of: object) where !isMark(key) {
            if means(key, "content") || means(key, "parts") || means(key, "output") {
                readContent(value)
            } else if !means(key, "type") || !means(value, "message") {
                // A message is one whether it says so or not.
                pieces.append(.member(text(key) + ":" + text(value)))
            }
        }
    }

    /// One text, or parts.
    private mutating func readContent(_ content: Int) {
        switch index.kind(of: content) {
        case .string: pieces.append(.text(String(text(content).dropFirst().dropLast())))
        case .array: for part in index.elements(of: content) { readPart(part) }
        case .object, .number, .true, .false, .null: pieces.append(.part(text(content)))
        }
    }

    private mutating func readPart(_ part: Int) {
        if let string = loneText(of: part) {
            readContent(string)
        } else if member("content", of: part) != nil {
            pieces.append(.open)
            readMembers(part)
            pieces.append(.close)
        } else {
            pieces.append(.part(text(part)))
        }
    }

    /// The text of a part that has nothing else.
    private func loneText(of part: Int) -> Int? {
        var string: Int?
        for (key, value) in index.members(of: part) where !isMark(key) {
            if means(key, "text") {
                string = value
            } else if !means(key, "type") {
                return nil
            }
        }
        return string
    }

    // MARK: Bytes

    private func member(_ name: StaticString, of object: Int) -> Int? {
        for (key, value) in index.members(of: object) where means(key, name) { return value }
        return nil
    }

    private func elements(_ array: Int?) -> [Int] { array.map { Array(index.elements(of: $0)) } ?? [] }

    private func means(_ node: Int, _ name: StaticString) -> Bool { index.stringEquals(node, name, in: bytes) }

    private func isMark(_ key: Int) -> Bool { Self.marks.contains { means(key, $0) } }

    /// A value's bytes, without the marks in it.
    private func text(_ node: Int) -> String {
        var text: [UInt8] = []
        var copied = index.span(node).lowerBound
        for gap in gaps(in: node) {
            text += bytes[copied..<gap.lowerBound]
            copied = gap.upperBound
        }
        text += bytes[copied..<index.span(node).upperBound]
        return String(decoding: text, as: UTF8.self)
    }

    /// Where marks stand, each with a comma.
    private func gaps(in node: Int) -> [Range<Int>] {
        guard index.kind(of: node) == .object else {
            return index.elements(of: node).flatMap { self.gaps(in: $0) }
        }
        var found: [Range<Int>] = []
        let members = Array(index.members(of: node))
        for (place, member) in members.enumerated() {
            guard isMark(member.key) else {
                found += gaps(in: member.value)
                continue
            }
            let end = index.span(member.value).upperBound
            if place > 0 {
                found.append(index.span(members[place - 1].value).upperBound..<end)
            } else {
                found.append(index.span(member.key).lowerBound..<(members.count > 1 ? index.span(members[1].key).lowerBound : end))
            }
        }
        return found
    }
}
