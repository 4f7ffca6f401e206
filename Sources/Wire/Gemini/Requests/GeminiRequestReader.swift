/// Walks the members of a Gemini request once and gathers what `PromptView` holds.
struct GeminiRequestReader {
    let bytes: UnsafeRawBufferPointer
    let index: JSONIndex
    /// The object with the contents: the body, or what a `countTokens` body wraps in `generateContentRequest`.
    private let root: Int

    private var contents: Int?
    private var messages: [PromptMessage] = []
    private var systemValue: Range<Int>?
    private var toolsValue: Range<Int>?
    private var attachments: [PromptAttachment] = []
    private var maximumOutputTokens: Int64?
    private var choices: Int64 = 1
    private var isTemperatureZero = false
    private var hasSeed = false
    private var hasStopSequences = false

    init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        self.bytes = bytes
        self.index = index
        let inner =
            index.member("generateContentRequest", of: 0, in: bytes)
            ?? index.member("generate_content_request", of: 0, in: bytes)
        root = inner.map { index.kind(of: $0) == .object ? $0 : 0 } ?? 0
    }

    mutating func readMembers() throws(RequestError) {
        guard index.kind(of: 0) == .object else {
            throw .invalid(param: nil, message: "The request body must be a JSON object.")
        }
        try checkDuplicates(of: root, "")
        for (key, value) in index.members(of: root) where index.kind(of: value) != .null {
            if index.means(key, "contents", in: bytes) {
                try readContents(value)
            } else if isNamed(key, "systemInstruction", "system_instruction") {
                try readSystem(value)
            } else if index.means(key, "tools", in: bytes) {
                try readTools(value)
            } else if isNamed(key, "generationConfig", "generation_config") {
                try readConfig(value)
            }
        }
    }

    /// What was read, once all of it is there.
    consuming func view(model: String, isStream: Bool) throws(RequestError) -> PromptView {
        guard let contents else { throw .contents }
        var view = PromptView(afterBrace: index.span(0).lowerBound &+ 1, model: model, modelValue: nil)
        view.messages = messages
        view.messagesValue = index.span(contents)
        view.systemValue = systemValue
        view.toolsValue = toolsValue
        view.isStream = isStream
        view.maximumOutputTokens = maximumOutputTokens
        view.choices = choices
        view.isTemperatureZero = isTemperatureZero
        view.hasSeed = hasSeed
        view.hasStopSequences = hasStopSequences
        view.attachments = attachments.sorted { $0.span.lowerBound < $1.span.lowerBound }
        return view
    }

    private func isNamed(_ key: Int, _ name: StaticString, _ other: StaticString) -> Bool {
        index.means(key, name, in: bytes) || index.means(key, other, in: bytes)
    }

    /// Either spelling of a name is the same member.
    private func checkDuplicates(of object: Int, _ path: String) throws(RequestError) {
        var seen: Set<String> = []
        for (key, _) in index.members(of: object) {
            let name = index.string(key, in: bytes) ?? ""
            guard seen.insert(Self.camel(name)).inserted else { throw .duplicate(path + name) }
        }
    }

    /// `max_output_tokens` becomes `maxOutputTokens`.
    private static func camel(_ name: String) -> String {
        guard name.utf8.contains(UInt8(ascii: "_")) else { return name }
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    private mutating func readSystem(_ value: Int) throws(RequestError) {
        guard index.kind(of: value) == .object else {
            throw .invalid(param: "systemInstruction", message: "'systemInstruction' must be an object with 'parts'.")
        }
        if index.childEnd(of: value) > value &+ 1 { systemValue = index.span(value) }
        readParts(of: value)
    }

    private mutating func readTools(_ value: Int) throws(RequestError) {
        guard index.kind(of: value) == .array else {
            throw .invalid(param: "tools", message: "'tools' must be an array of objects.")
        }
        for (position, tool) in index.elements(of: value).enumerated() where index.kind(of: tool) != .object {
            throw .invalid(param: "tools[\(position)]", message: "'tools[\(position)]' must be an object.")
        }
        if index.childEnd(of: value) > value &+ 1 { toolsValue = index.span(value) }
    }

    private mutating func readContents(_ value: Int) throws(RequestError) {
        guard index.kind(of: value) == .array, index.childEnd(of: value) > value &+ 1 else { throw .contents }
        contents = value
        for (position, content) in index.elements(of: value).enumerated() {
            guard index.kind(of: content) == .object else {
                throw .invalid(
                    param: "contents[\(position)]", message: "'contents[\(position)]' must be an object with 'parts'.")
            }
            let isDocument = readParts(of: content)
            let isModel =
                index.member("role", of: content, in: bytes).map { index.means($0, "model", in: bytes) } ?? false
            messages.append(
                PromptMessage(
                    span: index.span(content), role: isModel ? .assistant : .user,
                    isDocument: isDocument && !isModel))
        }
    }

    /// True where there is a part and each is a file.
    @discardableResult
    private mutating func readParts(of content: Int) -> Bool {
        guard let parts = index.member("parts", of: content, in: bytes), index.kind(of: parts) == .array else {
            return false
        }
        var isDocument = index.childEnd(of: parts) > parts &+ 1
        for part in index.elements(of: parts) {
            guard
                let data = index.member("inlineData", of: part, in: bytes)
                    ?? index.member("inline_data", of: part, in: bytes)
                    ?? index.member("fileData", of: part, in: bytes) ?? index.member("file_data", of: part, in: bytes)
            else {
                isDocument = false
                continue
            }
            let kind = kind(of: data)
            attachments.append(PromptAttachment(kind: kind, span: index.span(data)))
            isDocument = isDocument && kind == .file
        }
        return isDocument
    }

    private func kind(of data: Int) -> PromptAttachment.Kind {
        let type = index.member("mimeType", of: data, in: bytes) ?? index.member("mime_type", of: data, in: bytes)
        let text = type.flatMap { index.string($0, in: bytes) } ?? ""
        return text.hasPrefix("image/") ? .image : text.hasPrefix("audio/") ? .audio : .file
    }

    private mutating func readConfig(_ config: Int) throws(RequestError) {
        guard index.kind(of: config) == .object else {
            throw .invalid(param: "generationConfig", message: "'generationConfig' must be an object.")
        }
        try checkDuplicates(of: config, "generationConfig.")
        for (key, value) in index.members(of: config) where index.kind(of: value) != .null {
            if isNamed(key, "maxOutputTokens", "max_output_tokens") {
                maximumOutputTokens = try count(value, "generationConfig.maxOutputTokens")
            } else if isNamed(key, "candidateCount", "candidate_count") {
                choices = try count(value, "generationConfig.candidateCount")
            } else if isNamed(key, "stopSequences", "stop_sequences") {
                guard index.kind(of: value) == .array else {
                    throw .invalid(
                        param: "generationConfig.stopSequences",
                        message: "'generationConfig.stopSequences' must be an array of strings.")
                }
                hasStopSequences = index.childEnd(of: value) > value &+ 1
            } else if index.means(key, "temperature", in: bytes) {
                guard index.kind(of: value) == .number else {
                    throw .invalid(
                        param: "generationConfig.temperature",
                        message: "'generationConfig.temperature' must be a number.")
                }
                isTemperatureZero = index.int64(value, in: bytes) == 0
            } else if index.means(key, "seed", in: bytes) {
                guard index.kind(of: value) == .number else {
                    throw .invalid(
                        param: "generationConfig.seed", message: "'generationConfig.seed' must be a whole number.")
                }
                hasSeed = true
            }
        }
    }

    private func count(_ value: Int, _ name: String) throws(RequestError) -> Int64 {
        guard let count = index.int64(value, in: bytes), count >= 1 else {
            throw .invalid(param: name, message: "'\(name)' must be a whole number of at least 1.")
        }
        return count
    }
}

extension RequestError {
    fileprivate static let contents = RequestError.invalid(
        param: "contents", message: "'contents' must be a non-empty array of content objects.")
}
