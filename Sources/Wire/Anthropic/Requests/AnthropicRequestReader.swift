/// Walks the members of a Messages request once and gathers what `PromptView` holds.
struct AnthropicRequestReader {
    let bytes: UnsafeRawBufferPointer
    let index: JSONIndex

    private var seen: UInt32 = 0
    private var model: Int?
    private var messagesNode: Int?
    private var systemValue: Range<Int>?
    private var toolsValue: Range<Int>?
    private var isStream = false
    private var maximumOutputTokens: Int64?
    private var isTemperatureZero = false
    private var hasStopSequences = false

    private var messages: [PromptMessage] = []
    /// Marks and whether each is long; blocks within a block come before the block's own mark or behind it.
    private var marks: [(span: Range<Int>, isLong: Bool)] = []
    private var caching = PromptCaching()
    private var attachments: [PromptAttachment] = []

    init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        self.bytes = bytes
        self.index = index
    }

    mutating func readMembers() throws(RequestError) {
        guard index.kind(of: 0) == .object else {
            throw .invalid(param: nil, message: "The request body must be a JSON object.")
        }
        if let duplicate = index.firstDuplicateKey(of: 0, in: bytes) {
            throw .duplicate(index.string(duplicate, in: bytes) ?? "")
        }
        var cuts = CacheMarkCuts(end: index.childEnd(of: 0))
        for (key, value) in index.members(of: 0) {
            defer { cuts.pass(value) }
            guard let name = index.string(key, in: bytes) else { continue }
            let known = Array(name.utf8).withUnsafeBytes { AnthropicRequestKey($0) }
            if known == .cacheControl, index.kind(of: value) != .null {
                caching.automaticMark = cuts.cut(key, in: index)
                caching.isAutomaticMarkLong = index.isLongMark(value, in: bytes)
            } else if let known {
                try read(known, value)
            }
        }
    }

    /// What was read, once all of it is there.
    consuming func view(isCount: Bool) throws(RequestError) -> PromptView {
        guard let model, let name = index.string(model, in: bytes) else { throw .model }
        guard let messagesNode else { throw .messages }
        if !isCount, maximumOutputTokens == nil {
            throw .invalid(
                param: "max_tokens", message: "'max_tokens' is required, a whole number of 0 or more.")
        }
        var view = PromptView(
            afterBrace: index.span(0).lowerBound &+ 1, model: name, modelValue: index.span(model))
        view.messages = messages
        view.messagesValue = index.span(messagesNode)
        view.systemValue = systemValue
        view.toolsValue = toolsValue
        view.isStream = isStream
        view.maximumOutputTokens = maximumOutputTokens.map { max(1, $0) }
        view.isTemperatureZero = isTemperatureZero
        view.hasStopSequences = hasStopSequences
        if !marks.isEmpty {
            marks.sort { $0.span.lowerBound < $1.span.lowerBound }
            for place in marks.indices { caching.noteMark(place, isLong: marks[place].isLong) }
            view.cacheMarks = marks.map(\.span)
        }
        view.caching = caching
        view.attachments = attachments.sorted { $0.span.lowerBound < $1.span.lowerBound }
        return view
    }

    private mutating func read(_ key: AnthropicRequestKey, _ value: Int) throws(RequestError) {
        let kind = index.kind(of: value)
        if kind == .null, key != .model, key != .messages { return }
        switch key {
        case .model:
            guard kind == .string, index.contentCount(value) > 0 else { throw .model }
            model = value
        case .messages: try readMessages(value)
        case .system: try readSystem(value)
        case .tools:
            guard kind == .array else { throw .mistyped(key, "an array of objects") }
            readTools(value)
        case .stream:
            guard let flag = index.bool(value) else { throw .mistyped(key, "true or false") }
            isStream = flag
        case .maxTokens:
            guard let count = index.int64(value, in: bytes), count >= 0 else {
                throw .mistyped(key, "a whole number of 0 or more")
            }
            maximumOutputTokens = count
        case .temperature:
            guard kind == .number else { throw .mistyped(key, "a number") }
            isTemperatureZero = index.int64(value, in: bytes) == 0
        case .topP, .topK:
            guard kind == .number else { throw .mistyped(key, "a number") }
        case .stopSequences:
            guard kind == .array else { throw .mistyped(key, "an array of strings") }
            hasStopSequences = index.childEnd(of: value) > value &+ 1
        case .cacheControl: break
        case .thinking, .toolChoice, .metadata:
            guard kind == .object else { throw .mistyped(key, "an object") }
        }
    }

    private mutating func readSystem(_ value: Int) throws(RequestError) {
        switch index.kind(of: value) {
        case .string:
            guard index.contentCount(value) > 0 else { return }
            systemValue = index.span(value)
            caching.system = PromptPlace(span: index.span(value), isText: true)
            caching.systemPartCount = 1
        case .array:
            let blocks = readBlocks(value)
            caching.system = blocks.place
            caching.systemPartCount = blocks.count
            if index.childEnd(of: value) > value &+ 1 { systemValue = index.span(value) }
        case .object, .number, .true, .false, .null:
            throw .mistyped(.system, "a string or an array of text blocks")
        }
    }

    private mutating func readTools(_ value: Int) {
        guard index.childEnd(of: value) > value &+ 1 else { return }
        toolsValue = index.span(value)
        var last: Int?
        for tool in index.elements(of: value) where index.kind(of: tool) == .object {
            cutMarks(of: tool)
            last = tool
            caching.toolCount &+= 1
        }
        // A tool whose definition is deferred bears no mark (tool search, platform.claude.com, read 2026-11).
        guard let last, index.member("defer_loading", of: last, in: bytes) == nil else { return }
        caching.lastTool = index.childEnd(of: last) > last &+ 1 ? index.span(last) : nil
    }

    private mutating func readMessages(_ value: Int) throws(RequestError) {
        guard index.kind(of: value) == .array, index.childEnd(of: value) > value &+ 1 else { throw .messages }
        messagesNode = value
        for (position, message) in index.elements(of: value).enumerated() {
            messages.append(try readMessage(message, position))
        }
    }

    private mutating func readMessage(_ message: Int, _ position: Int) throws(RequestError) -> PromptMessage {
        guard index.kind(of: message) == .object else {
            throw .anthropicMessage(position, nil, "must be an object with a 'role'")
        }
        guard let roleNode = index.member("role", of: message, in: bytes), index.kind(of: roleNode) == .string else {
            throw .anthropicMessage(position, "role", "is required: \"user\" or \"assistant\"")
        }
        guard let content = index.member("content", of: message, in: bytes) else {
            throw .anthropicMessage(position, "content", "is required, a string or an array of blocks")
        }
        var blocks = Blocks()
        switch index.kind(of: content) {
        case .string:
            if index.contentCount(content) > 0 { blocks.place = PromptPlace(span: index.span(content), isText: true) }
            blocks.count = 1
        case .array: blocks = readBlocks(content)
        case .object, .number, .true, .false, .null:
            throw .anthropicMessage(position, "content", "must be a string or an array of blocks")
        }
        let role: PromptRole =
            index.means(roleNode, "user", in: bytes)
            ? .user
            : index.means(roleNode, "assistant", in: bytes)
                ? .assistant : index.means(roleNode, "system", in: bytes) ? .system : .other
        return PromptMessage(
            span: index.span(message), role: role, isDocument: blocks.areDocuments && role == .user,
            place: blocks.place, partCount: blocks.count)
    }

    /// What a list of blocks comes to.
    private struct Blocks {
        /// There is a block, and each is a document.
        var areDocuments = false
        /// The last block that can bear a mark.
        var place: PromptPlace?
        var count: UInt32 = 0
    }

    /// A tool's result has blocks of its own.
    @discardableResult
    private mutating func readBlocks(_ blocks: Int) -> Blocks {
        var read = Blocks()
        read.areDocuments = index.childEnd(of: blocks) > blocks &+ 1
        var last: Int?
        for block in index.elements(of: blocks) {
            read.count &+= 1
            guard index.kind(of: block) == .object else {
                read.areDocuments = false
                continue
            }
            cutMarks(of: block)
            let kind = blockKind(of: block)
            if kind != .other { last = block }
            if let attachment = kind.attachment, let source = index.member("source", of: block, in: bytes) {
                attachments.append(PromptAttachment(kind: attachment, span: index.span(source)))
                read.areDocuments = read.areDocuments && kind == .document
            } else {
                read.areDocuments = false
            }
            if let content = index.member("content", of: block, in: bytes), index.kind(of: content) == .array {
                readBlocks(content)
            }
        }
        if let last, !index.isEmptyText(last, in: bytes) {
            read.place = PromptPlace(span: index.span(last), isText: false)
        }
        return read
    }

    private func blockKind(of block: Int) -> AnthropicBlockKind {
        guard let type = index.member("type", of: block, in: bytes) else { return .other }
        if index.means(type, "text", in: bytes) { return .text }
        if index.means(type, "tool_use", in: bytes) || index.means(type, "tool_result", in: bytes) { return .tool }
        if index.means(type, "image", in: bytes) { return .image }
        return index.means(type, "document", in: bytes) ? .document : .other
    }

    private mutating func cutMarks(of object: Int) {
        var cuts = CacheMarkCuts(end: index.childEnd(of: object))
        for (key, value) in index.members(of: object) {
            if index.means(key, "cache_control", in: bytes) {
                marks.append((cuts.cut(key, in: index), index.isLongMark(value, in: bytes)))
            }
            cuts.pass(value)
        }
    }
}

/// Blocks that bear marks, and all others: thoughts never do (platform.claude.com, prompt caching, read 2026-11).
private enum AnthropicBlockKind {
    case text, tool, image, document, other

    var attachment: PromptAttachment.Kind? {
        switch self {
        case .image: .image
        case .document: .file
        case .text, .tool, .other: nil
        }
    }
}

extension RequestError {
    fileprivate static func mistyped(_ key: AnthropicRequestKey, _ expected: String) -> RequestError {
        .invalid(param: key.name, message: "'\(key.name)' must be \(expected).")
    }

    fileprivate static func anthropicMessage(_ position: Int, _ member: String?, _ problem: String) -> RequestError {
        let name = "messages[\(position)]" + (member.map { "." + $0 } ?? "")
        return .invalid(param: name, message: "'\(name)' \(problem).")
    }
}
