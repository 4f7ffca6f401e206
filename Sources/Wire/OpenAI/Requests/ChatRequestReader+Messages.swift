extension ChatRequestReader {
    /// Reads one message: its role, and what its content parts carry.
    mutating func readMessage(_ message: Int) throws(RequestError) -> PromptMessage {
        guard index.kind(of: message) == .object else {
            throw .message(messages.count, nil, "must be an object with a 'role'")
        }
        let end = index.childEnd(of: message)
        var role: PromptRole?
        var content: Int?
        var isDocument = false
        var cuts = CacheMarkCuts(end: end)
        var key = message &+ 1
        while key < end {
            let value = key &+ 1
            if isCacheMark(key) {
                noteMark(key, &cuts)
            } else if index.means(key, "role", in: bytes) {
                guard index.kind(of: value) == .string else {
                    throw .message(messages.count, "role", "must be a string")
                }
                role = self.role(value)
                if role == .developer { developerRoles.append(index.span(value)) }
            } else if index.means(key, "content", in: bytes) {
                content = value
                switch index.kind(of: value) {
                case .string, .null: break
                case .array: isDocument = readParts(value)
                case .object, .number, .true, .false:
                    throw .message(messages.count, "content", "must be a string, an array of parts or null")
                }
            }
            cuts.pass(value)
            key = index.successor(of: value)
        }
        guard let role else { throw .message(messages.count, "role", "is required, a string such as \"user\"") }
        var read = PromptMessage(span: index.span(message), role: role, isDocument: isDocument && role == .user)
        if let content, role != .assistant, role != .tool, role != .function {
            (read.place, read.partCount) = index.end(of: content, in: bytes)
        }
        return read
    }

    private mutating func noteMark(_ key: Int, _ cuts: inout CacheMarkCuts) {
        caching.noteMark(cacheMarks.count, isLong: index.isLongMark(key &+ 1, in: bytes))
        cacheMarks.append(cuts.cut(key, in: index))
    }

    /// Reads the definitions of tools or functions: nil where there are none.
    mutating func readTools(_ value: Int, _ key: ChatRequestKey) throws(RequestError) -> Range<Int>? {
        guard index.kind(of: value) == .array else { throw .mistyped(key, "an array of objects") }
        let end = index.childEnd(of: value)
        guard end > value &+ 1 else { return nil }
        var element = value &+ 1
        var position = 0
        while element < end {
            guard index.kind(of: element) == .object else {
                let name = "\(key.name)[\(position)]"
                throw .invalid(param: name, message: "'\(name)' must be an object.")
            }
            readTool(element)
            element = index.successor(of: element)
            position &+= 1
        }
        return index.span(value)
    }

    /// Marks stand on a tool itself or on its function.
    private mutating func readTool(_ tool: Int) {
        let end = index.childEnd(of: tool)
        var cuts = CacheMarkCuts(end: end)
        var key = tool &+ 1
        while key < end {
            let value = key &+ 1
            if isCacheMark(key) {
                noteMark(key, &cuts)
            } else if index.kind(of: value) == .object, index.means(key, "function", in: bytes) {
                readTool(value)
            }
            cuts.pass(value)
            key = index.successor(of: value)
        }
    }

    /// Reads a content's parts; true where there is one and each is a file. Parts that are no objects say nothing.
    private mutating func readParts(_ parts: Int) -> Bool {
        let end = index.childEnd(of: parts)
        var part = parts &+ 1
        var isDocument = part < end
        while part < end {
            let isFile = index.kind(of: part) == .object && readPart(part)
            isDocument = isDocument && isFile
            part = index.successor(of: part)
        }
        return isDocument
    }

    /// Reads one part; true where it is a file.
    private mutating func readPart(_ part: Int) -> Bool {
        let end = index.childEnd(of: part)
        var isFile = false
        var cuts = CacheMarkCuts(end: end)
        var key = part &+ 1
        while key < end {
            let value = key &+ 1
            if isCacheMark(key) {
                noteMark(key, &cuts)
            } else if let kind = attachmentKind(key) {
                attachments.append(PromptAttachment(kind: kind, span: index.span(value)))
                isFile = isFile || kind == .file
            }
            cuts.pass(value)
            key = index.successor(of: value)
        }
        return isFile
    }

    private func attachmentKind(_ key: Int) -> PromptAttachment.Kind? {
        if index.means(key, "image_url", in: bytes) { return .image }
        if index.means(key, "input_audio", in: bytes) { return .audio }
        if index.means(key, "file", in: bytes) || index.means(key, "video_url", in: bytes) { return .file }
        return nil
    }

    /// Qwen's and, in other forms, Anthropic's mark; OpenAI's from gpt-5.6 on (vendors' references, 2026-11).
    private func isCacheMark(_ key: Int) -> Bool {
        index.means(key, "cache_control", in: bytes) || index.means(key, "prompt_cache_breakpoint", in: bytes)
    }

    private func role(_ value: Int) -> PromptRole {
        if index.means(value, "user", in: bytes) { return .user }
        if index.means(value, "assistant", in: bytes) { return .assistant }
        if index.means(value, "tool", in: bytes) { return .tool }
        if index.means(value, "system", in: bytes) { return .system }
        if index.means(value, "developer", in: bytes) { return .developer }
        return index.means(value, "function", in: bytes) ? .function : .other
    }
}

extension RequestError {
    fileprivate static func message(_ position: Int, _ member: String?, _ problem: String) -> RequestError {
        let name = "messages[\(position)]" + (member.map { "." + $0 } ?? "")
        return .invalid(param: name, message: "'\(name)' \(problem).")
    }
}
