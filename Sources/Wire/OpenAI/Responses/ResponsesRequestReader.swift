/// Walks the members of a Responses request once and gathers what `PromptView` holds.
struct ResponsesRequestReader {
    let bytes: UnsafeRawBufferPointer
    let index: JSONIndex

    private var model: Int?
    private var input: Int?
    private var systemValue: Range<Int>?
    private var toolsValue: Range<Int>?
    private var isStream = false
    private var maximumOutputTokens: Int64?
    private var isTemperatureZero = false
    private var asksToReason = false

    var developerRoles: [Range<Int>] = []
    var messages: [PromptMessage] = []
    var cacheMarks: [Range<Int>] = []
    var caching = PromptCaching()
    var attachments: [PromptAttachment] = []

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
        let end = index.childEnd(of: 0)
        var key = 1
        while key < end {
            if let known = knownKey(key) { try read(known, value: key &+ 1) }
            key = index.successor(of: key &+ 1)
        }
    }

    /// What was read, once all of it is there.
    consuming func view() throws(RequestError) -> PromptView {
        guard let model, let name = index.string(model, in: bytes) else { throw .model }
        guard let input else { throw .input }
        var view = PromptView(afterBrace: index.span(0).lowerBound &+ 1, model: name, modelValue: index.span(model))
        view.messages = messages
        view.messagesValue = index.span(input)
        view.systemValue = systemValue
        view.toolsValue = toolsValue
        view.isStream = isStream
        view.maximumOutputTokens = maximumOutputTokens
        view.isTemperatureZero = isTemperatureZero
        view.cacheMarks = cacheMarks
        view.caching = caching
        view.attachments = attachments
        view.developerRoles = developerRoles
        view.asksToReason = asksToReason
        return view
    }

    private func knownKey(_ key: Int) -> ResponsesRequestKey? {
        let node = index[key]
        guard let content = index.content(node, in: bytes) else { return nil }
        guard node.hasEscapes else { return ResponsesRequestKey(content) }
        return Array(JSONDecodedBytes(content)).withUnsafeBytes { ResponsesRequestKey($0) }
    }

    private mutating func read(_ key: ResponsesRequestKey, value: Int) throws(RequestError) {
        let kind = index.kind(of: value)
        if kind == .null {
            if key == .model { throw .model }
            return
        }
        switch key {
        case .model:
            guard kind == .string, index.contentCount(value) > 0 else { throw .model }
            model = value
        case .input: try readInput(value)
        case .instructions:
            guard kind == .string else { throw .mistyped(key, "a string") }
            if index.contentCount(value) > 0 { systemValue = index.span(value) }
        case .stream:
            guard let flag = index.bool(value) else { throw .mistyped(key, "true, false or null") }
            isStream = flag
        case .maxOutputTokens:
            guard let count = index.int64(value, in: bytes), count >= 1 else {
                throw .mistyped(key, "a whole number of at least 1")
            }
            maximumOutputTokens = count
        case .temperature:
            guard kind == .number else { throw .mistyped(key, "a number") }
            isTemperatureZero = index.int64(value, in: bytes) == 0
        case .topP:
            guard kind == .number else { throw .mistyped(key, "a number") }
        case .tools: toolsValue = try readTools(value)
        case .toolChoice:
            guard kind == .string || kind == .object else { throw .mistyped(key, "a string or an object") }
        case .reasoning: try readReasoning(value)
        case .text:
            guard kind == .object else { throw .mistyped(key, "an object") }
        case .prompt:
            guard kind == .object else { throw .mistyped(key, "an object") }
            if input == nil { input = value }
        case .promptCacheKey: caching.hasKey = true
        case .promptCacheOptions: caching.isExplicit = index.isExplicit(value, in: bytes)
        case .previousResponseID, .conversation: throw .refused(key)
        case .background:
            guard let flag = index.bool(value) else { throw .mistyped(key, "true, false or null") }
            if flag { throw .refused(key) }
        }
    }

    private mutating func readReasoning(_ value: Int) throws(RequestError) {
        guard index.kind(of: value) == .object else { throw .mistyped(.reasoning, "an object") }
        guard let effort = index.member("effort", of: value, in: bytes), index.kind(of: effort) != .null else { return }
        guard index.kind(of: effort) == .string else {
            throw .invalid(param: "reasoning.effort", message: "'reasoning.effort' must be a string such as \"low\".")
        }
        asksToReason = !index.means(effort, "none", in: bytes)
    }

    private mutating func readInput(_ value: Int) throws(RequestError) {
        switch index.kind(of: value) {
        case .string: input = value
        case .array:
            let end = index.childEnd(of: value)
            guard end > value &+ 1 else { throw .input }
            input = value
            messages.reserveCapacity(index.childCount(of: value))
            var element = value &+ 1
            while element < end {
                messages.append(try readItem(element))
                element = index.successor(of: element)
            }
        case .object, .number, .true, .false, .null: throw .input
        }
    }
}

extension RequestError {
    fileprivate static let input = RequestError.invalid(
        param: "input", message: "'input' must be a string or a non-empty array of items.")

    static func mistyped(_ key: ResponsesRequestKey, _ expected: String) -> RequestError {
        .invalid(param: key.name, message: "'\(key.name)' must be \(expected).")
    }

    fileprivate static func refused(_ key: ResponsesRequestKey) -> RequestError {
        stored(key.name) ?? .invalid(param: key.name, message: "'\(key.name)' is not supported.")
    }
}
