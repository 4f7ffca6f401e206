extension JSONIndex {
    /// A mark's value asks for the longer of its vendor's two lives.
    func isLongMark(_ mark: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard kind(of: mark) == .object, let life = member("ttl", of: mark, in: bytes) else { return false }
        return means(life, "1h", in: bytes) || means(life, "12h", in: bytes)
    }

    /// The last part of a content of parts, or the content where it is a text, nil where that is empty or neither; and how many
    /// parts there are.
    func end(of content: Int, in bytes: UnsafeRawBufferPointer) -> (place: PromptPlace?, partCount: UInt32) {
        switch kind(of: content) {
        case .string: return (contentCount(content) > 0 ? PromptPlace(span: span(content), isText: true) : nil, 1)
        case .array:
            let end = childEnd(of: content)
            var last = content
            var part = content &+ 1
            var count: UInt32 = 0
            while part < end {
                last = part
                part = successor(of: part)
                count &+= 1
            }
            guard count > 0, kind(of: last) == .object, childEnd(of: last) > last &+ 1, !isEmptyText(last, in: bytes)
            else { return (nil, count) }
            return (PromptPlace(span: span(last), isText: false), count)
        case .object, .number, .true, .false, .null: return (nil, 1)
        }
    }

    /// A part whose text has no character. Only short ones are looked into.
    func isEmptyText(_ part: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        let node = self[part]
        guard node.end &- node.start < 128 else { return false }
        guard let text = member("text", of: part, in: bytes) else { return false }
        return contentCount(text) == 0
    }

    /// `prompt_cache_options` asks for marked prefixes alone (OpenAI from gpt-5.6 on, prompt caching guide, read 2026-11).
    func isExplicit(_ options: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard kind(of: options) == .object, let mode = member("mode", of: options, in: bytes) else { return false }
        return means(mode, "explicit", in: bytes)
    }
}
