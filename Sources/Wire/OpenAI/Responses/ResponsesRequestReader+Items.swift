extension ResponsesRequestReader {
    /// Reads one item of `input`: who it is of, and what its parts carry.
    mutating func readItem(_ item: Int) throws(RequestError) -> PromptMessage {
        guard index.kind(of: item) == .object else { throw .item(messages.count, nil, "must be an object") }
        let type = index.member("type", of: item, in: bytes)
        if let type, index.kind(of: type) != .null {
            guard index.kind(of: type) == .string else { throw .item(messages.count, "type", "must be a string") }
            if !index.means(type, "message", in: bytes) {
                readMarks(of: item)
                return PromptMessage(span: index.span(item), role: role(ofType: type))
            }
        }
        return try readMessage(item)
    }

    /// Reads the definitions of tools: nil where there are none.
    mutating func readTools(_ value: Int) throws(RequestError) -> Range<Int>? {
        guard index.kind(of: value) == .array else { throw .mistyped(ResponsesRequestKey.tools, "an array of objects") }
        let end = index.childEnd(of: value)
        guard end > value &+ 1 else { return nil }
        var element = value &+ 1
        var position = 0
        while element < end {
            guard index.kind(of: element) == .object else {
                throw .invalid(param: "tools[\(position)]", message: "'tools[\(position)]' must be an object.")
            }
            readMarks(of: element)
            element = index.successor(of: element)
            position &+= 1
        }
        return index.span(value)
    }

    private mutating func readMessage(_ message: Int) throws(RequestError) -> PromptMessage {
        guard let role = index.member("role", of: message, in: bytes), index.kind(of: role) == .string else {
            throw .item(messages.count, "role", "is required, a string such as \"user\"")
        }
        let speaker = self.role(role)
        if speaker == .developer { developerRoles.append(index.span(role)) }
        var isDocument = false
        let content = index.member("content", of: message, in: bytes)
        if let content {
            switch index.kind(of: content) {
            case .string, .null: break
            case .array: isDocument = readParts(content)
            case .object, .number, .true, .false:
                throw .item(messages.count, "content", "must be a string or an array of parts")
            }
        }
        var read = PromptMessage(span: index.span(message), role: speaker, isDocument: isDocument && speaker == .user)
        if let content, speaker != .assistant {
            (read.place, read.partCount) = index.end(of: content, in: bytes)
        }
        return read
    }

    private mutating func noteMark(_ key: Int, _ cuts: inout CacheMarkCuts) {
        caching.noteMark(cacheMarks.count, isLong: index.isLongMark(key &+ 1, in: bytes))
        cacheMarks.append(cuts.cut(key, in: index))
    }

    /// Marks on the object itself; what a tool gave back may be parts.
    private mutating func readMarks(of object: Int) {
        let end = index.childEnd(of: object)
        var cuts = CacheMarkCuts(end: end)
        var key = object &+ 1
        while key < end {
            let value = key &+ 1
            if isCacheMark(key) {
                noteMark(key, &cuts)
            } else if index.kind(of: value) == .array, index.means(key, "output", in: bytes) {
                _ = readParts(value)
            } else if index.kind(of: value) == .object, index.means(key, "output", in: bytes) {
                _ = readPart(value)
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
            } else if let kind = attachmentKind(key), index.kind(of: value) != .null {
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
        if index.means(key, "file_data", in: bytes) || index.means(key, "file_url", in: bytes) { return .file }
        return nil
    }

    /// OpenAI's mark from gpt-5.6 on, and the one other vendors of the form take (vendors' references, 2026-11).
    private func isCacheMark(_ key: Int) -> Bool {
        index.means(key, "prompt_cache_breakpoint", in: bytes) || index.means(key, "cache_control", in: bytes)
    }

    private func role(_ value: Int) -> PromptRole {
        if index.means(value, "user", in: bytes) { return .user }
        if index.means(value, "assistant", in: bytes) { return .assistant }
        if index.means(value, "system", in: bytes) { return .system }
        return index.means(value, "developer", in: bytes) ? .developer : .other
    }

    /// What tools gave back is named `…_output`; an answer to the request for an approval is the caller's too. Changes of
    /// the configuration are nobody's turn. All else the model said or did.
    private func role(ofType type: Int) -> PromptRole {
        if index.means(type, "mcp_approval_response", in: bytes) { return .tool }
        if index.means(type, "configuration_update", in: bytes) || index.means(type, "additional_tools", in: bytes) {
            return .other
        }
        guard let name = index.content(index[type], in: bytes) else { return .other }
        return UnsafeRawBufferPointer(rebasing: name.suffix(7)).spells("_output") ? .tool : .assistant
    }
}

extension RequestError {
    fileprivate static func item(_ position: Int, _ member: String?, _ problem: String) -> RequestError {
        let name = "input[\(position)]" + (member.map { "." + $0 } ?? "")
        return .invalid(param: name, message: "'\(name)' \(problem).")
    }
}
