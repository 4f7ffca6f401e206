/// Walks the members of a chat request once and gathers what `PromptView` holds.
struct ChatRequestReader {
    let bytes: UnsafeRawBufferPointer
    let index: JSONIndex

    /// Bits of the known keys seen, by `rawValue`.
    private var seen: UInt32 = 0
    /// Bits of fingerprints of unknown keys seen: none twice means that no unknown key came twice.
    private var fingerprints: UInt64 = 0
    private var mayHaveDuplicates = false

    private var model: Int?
    private var messagesNode: Int?
    private var toolsValue: Range<Int>?
    private var functionsValue: Range<Int>?
    private var isStream = false
    private var streamOptions = PromptView.StreamOptions.absent
    private var maximumOutputTokens: Int64?
    private var choices: Int64 = 1
    private var isTemperatureZero = false
    private var hasSeed = false
    private var asksToReason = false
    private var maxCompletionTokensKey: Range<Int>?

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
        let end = index.childEnd(of: 0)
        var key = 1
        while key < end {
            if let known = knownKey(key) {
                let bit: UInt32 = 1 << UInt32(known.rawValue)
                guard seen & bit == 0 else { throw .duplicate(known.name) }
                seen |= bit
                if known == .maxCompletionTokens { maxCompletionTokensKey = index.span(key) }
                try read(known, value: key &+ 1)
            }
            key = index.successor(of: key &+ 1)
        }
        if mayHaveDuplicates, let duplicate = index.firstDuplicateKey(of: 0, in: bytes) {
            throw .duplicate(index.string(duplicate, in: bytes) ?? "")
        }
    }

    /// What was read, once all of it is there.
    consuming func view() throws(RequestError) -> PromptView {
        guard let model else { throw .model }
        guard let messagesNode else { throw .messages }
        guard let name = index.string(model, in: bytes) else { throw .model }
        var view = PromptView(afterBrace: index.span(0).lowerBound &+ 1, model: name, modelValue: index.span(model))
        view.messages = messages
        view.messagesValue = index.span(messagesNode)
        view.toolsValue = toolsValue
        view.functionsValue = functionsValue
        view.isStream = isStream
        view.streamOptions = streamOptions
        view.maximumOutputTokens = maximumOutputTokens
        view.choices = choices
        view.isTemperatureZero = isTemperatureZero
        view.hasSeed = hasSeed
        view.cacheMarks = cacheMarks
        view.caching = caching
        view.developerRoles = developerRoles
        let hasMaxTokens = seen & (1 << UInt32(ChatRequestKey.maxTokens.rawValue)) != 0
        view.maxCompletionTokensKey = hasMaxTokens ? nil : maxCompletionTokensKey
        view.asksToReason = asksToReason
        view.attachments = attachments
        return view
    }

    private mutating func knownKey(_ key: Int) -> ChatRequestKey? {
        let node = index[key]
        guard let content = index.content(node, in: bytes) else { return nil }
        if node.hasEscapes {
            mayHaveDuplicates = true
            let decoded = Array(JSONDecodedBytes(content))
            return decoded.withUnsafeBytes { ChatRequestKey($0) }
        }
        if let known = ChatRequestKey(content) { return known }
        let bit = Self.fingerprint(content)
        if fingerprints & bit != 0 { mayHaveDuplicates = true }
        fingerprints |= bit
        return nil
    }

    /// One of 64 bits, by length, first and last byte.
    private static func fingerprint(_ name: UnsafeRawBufferPointer) -> UInt64 {
        guard let first = name.first, let last = name.last else { return 1 }
        let mixed = UInt64(first) &* 31 &+ UInt64(last) &* 17 &+ UInt64(truncatingIfNeeded: name.count) &* 7
        return 1 << (mixed & 63)
    }

    private mutating func read(_ key: ChatRequestKey, value: Int) throws(RequestError) {
        let kind = index.kind(of: value)
        if kind == .null {
            switch key {
            case .model: throw .model
            case .messages: throw .messages
            case .streamOptions: streamOptions = .null(index.span(value))
            default: break
            }
            return
        }
        switch key {
        case .model:
            guard kind == .string, index.contentCount(value) > 0 else { throw .model }
            model = value
        case .messages: try readMessages(value)
        case .stream:
            guard let flag = index.bool(value) else { throw .mistyped(key, "true, false or null") }
            isStream = flag
        case .streamOptions: try readStreamOptions(value)
        case .maxTokens, .maxCompletionTokens: try readMaximum(value, key)
        case .choices:
            guard let count = index.int64(value, in: bytes), count >= 1 else {
                throw .mistyped(key, "a whole number of at least 1")
            }
            choices = count
        case .temperature:
            guard kind == .number else { throw .mistyped(key, "a number") }
            isTemperatureZero = index.int64(value, in: bytes) == 0
        case .seed:
            guard kind == .number else { throw .mistyped(key, "a whole number") }
            hasSeed = true
        case .topP, .presencePenalty, .frequencyPenalty:
            guard kind == .number else { throw .mistyped(key, "a number") }
        case .stop:
            guard kind == .string || kind == .array else { throw .mistyped(key, "a string or an array of strings") }
        case .responseFormat:
            guard kind == .object else { throw .mistyped(key, "an object") }
        case .toolChoice:
            guard kind == .string || kind == .object else { throw .mistyped(key, "a string or an object") }
        case .reasoningEffort:
            guard kind == .string else { throw .mistyped(key, "a string such as \"low\"") }
            asksToReason = !index.means(value, "none", in: bytes)
        case .promptCacheKey: caching.hasKey = true
        case .promptCacheOptions: caching.isExplicit = index.isExplicit(value, in: bytes)
        case .tools: toolsValue = try readTools(value, key)
        case .functions: functionsValue = try readTools(value, key)
        }
    }

    private mutating func readMaximum(_ value: Int, _ key: ChatRequestKey) throws(RequestError) {
        guard let count = index.int64(value, in: bytes), count >= 1 || count == -1 else {
            throw .mistyped(key, "a whole number of at least 1")
        }
        if count >= 1 { maximumOutputTokens = max(maximumOutputTokens ?? 0, count) }
    }

    private mutating func readStreamOptions(_ value: Int) throws(RequestError) {
        guard index.kind(of: value) == .object else { throw .mistyped(.streamOptions, "an object or null") }
        if let duplicate = index.firstDuplicateKey(of: value, in: bytes) {
            throw .duplicate("stream_options." + (index.string(duplicate, in: bytes) ?? ""))
        }
        var includeUsage = PromptView.IncludeUsage.absent
        if let member = index.member("include_usage", of: value, in: bytes) {
            switch index.kind(of: member) {
            case .true: includeUsage = .yes
            case .false, .null: includeUsage = .no(index.span(member))
            case .object, .array, .string, .number:
                throw .invalid(
                    param: "stream_options.include_usage",
                    message: "'stream_options.include_usage' must be true or false.")
            }
        }
        streamOptions = .object(
            includeUsage, afterBrace: index.span(value).lowerBound &+ 1,
            isEmpty: index.successor(of: value) == value &+ 1)
    }

    private mutating func readMessages(_ value: Int) throws(RequestError) {
        guard index.kind(of: value) == .array, index.childEnd(of: value) > value &+ 1 else { throw .messages }
        messagesNode = value
        messages.reserveCapacity(index.childCount(of: value))
        let end = index.childEnd(of: value)
        var element = value &+ 1
        while element < end {
            messages.append(try readMessage(element))
            element = index.successor(of: element)
        }
    }
}

extension RequestError {
    static let model = RequestError.invalid(
        param: "model", message: "'model' must be a non-empty string that names a model.")

    static let messages = RequestError.invalid(
        param: "messages", message: "'messages' must be a non-empty array of message objects.")

    static func mistyped(_ key: ChatRequestKey, _ expected: String) -> RequestError {
        .invalid(param: key.name, message: "'\(key.name)' must be \(expected).")
    }

    static func duplicate(_ name: String) -> RequestError {
        .invalid(param: name, message: "'\(name)' is given more than once. Give it once.")
    }
}
