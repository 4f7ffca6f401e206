import Wire

/// A client's body with its index, as the stages look at it.
struct PromptSource {
    let bytes: UnsafeRawBufferPointer
    /// What was read from `bytes`; says nothing of them where there is no form.
    let index: JSONIndex
    /// nil: the request is no conversation, or the index is of a longer text: nothing is put in order.
    let form: RequestForm?

    init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex, kind: RequestKind) {
        self.bytes = bytes
        self.index = index
        switch kind {
        case .conversation(let form), .tokenCount(let form):
            self.form = index.span(0).upperBound <= bytes.count ? form : nil
        case .operation, .geminiEmbedding: form = nil
        }
    }

    var json: CanonicalJSON { CanonicalJSON(bytes, index: index) }

    func member(_ name: StaticString, of object: Int) -> Int? { index.member(name, of: object, in: bytes) }

    /// A member in either of the spellings that Gemini takes.
    func member(_ camel: StaticString, _ snake: StaticString, of object: Int) -> Int? {
        member(camel, of: object) ?? member(snake, of: object)
    }

    func means(_ node: Int, _ text: StaticString) -> Bool { index.stringEquals(node, text, in: bytes) }

    /// What stands between a string's quotes; empty for any other kind.
    func content(of node: Int) -> Range<Int> {
        let span = index.span(node)
        guard index.kind(of: node) == .string, span.count >= 2 else { return span.lowerBound..<span.lowerBound }
        return (span.lowerBound &+ 1)..<(span.upperBound &- 1)
    }

    /// The texts, parts or one text, of a message: `content`, in Gemini's form `parts`.
    func content(ofMessageAt span: Range<Int>) -> Int? {
        guard let node = index.node(at: span.lowerBound) else { return nil }
        return form == .geminiGenerate ? member("parts", of: node) : member("content", of: node)
    }

    /// A user's message that holds what tools gave back, in forms that have no role for it: it goes on with the turn.
    func answersCalls(_ message: PromptMessage) -> Bool {
        guard form == .anthropicMessages || form == .geminiGenerate, let parts = content(ofMessageAt: message.span) else {
            return false
        }
        for part in index.elements(of: parts) {
            if form == .geminiGenerate {
                if member("functionResponse", "function_response", of: part) != nil { return true }
            } else if let type = member("type", of: part), means(type, "tool_result") {
                return true
            }
        }
        return false
    }
}

/// One text of the system prompt.
struct SystemText {
    /// The string's node.
    let string: Int
    /// The object that holds it, and the list of those; nil: the text stands alone.
    let part: (object: Int, list: Int)?
    /// The position of its message in the view; nil: it stands beside the messages.
    let message: Int?
}

extension PromptSource {
    /// Every text of the system prompt, in the order of the prompt: what stands beside the messages, then the system's and the
    /// developer's messages at the start.
    func forEachSystemText(of view: PromptView, _ body: (SystemText) -> Void) {
        if let span = view.systemValue, let node = index.node(at: span.lowerBound) {
            let texts = index.kind(of: node) == .object ? member("parts", of: node) : node
            if let texts { forEachText(of: texts, message: nil, body) }
        }
        guard form != .geminiGenerate else { return }
        for (position, message) in view.messages.enumerated() {
            guard message.role == .system || message.role == .developer else { break }
            if let content = content(ofMessageAt: message.span) {
                forEachText(of: content, message: position, body)
            }
        }
    }

    private func forEachText(of content: Int, message: Int?, _ body: (SystemText) -> Void) {
        switch index.kind(of: content) {
        case .string: body(SystemText(string: content, part: nil, message: message))
        case .array:
            for part in index.elements(of: content) {
                guard let text = member("text", of: part), index.kind(of: text) == .string else { continue }
                body(SystemText(string: text, part: (part, content), message: message))
            }
        case .object, .number, .true, .false, .null: break
        }
    }
}
