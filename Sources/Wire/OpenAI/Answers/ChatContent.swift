/// What a message or a delta says, measured.
struct ChatContent {
    /// Bytes of text as they stand in the answer, escapes as written: content, refusal, reasoning, and the names and
    /// arguments of tool calls.
    var textBytes = 0
    /// Something was generated: text, a tool call, audio.
    var isPresent = false

    /// - Parameter node: a `message` or `delta`; says nothing where it is no object.
    init(_ node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        guard index.kind(of: node) == .object else { return }
        let end = index.childEnd(of: node)
        var key = node &+ 1
        while key < end {
            let value = key &+ 1
            switch index.kind(of: value) {
            case .string: if isText(key, in: bytes, index: index) { add(index.contentCount(value)) }
            case .array: if index.means(key, "tool_calls", in: bytes) { addCalls(value, in: bytes, index: index) }
            case .object:
                if index.means(key, "audio", in: bytes) { isPresent = true }
                if index.means(key, "function_call", in: bytes) { addCall(value, in: bytes, index: index) }
            case .number, .true, .false, .null: break
            }
            key = index.successor(of: value)
        }
    }

    /// `reasoning_content` is DeepSeek's, Qwen's and vLLM's; `reasoning` the name newer servers use (2026-11).
    private func isText(_ key: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) -> Bool {
        index.means(key, "content", in: bytes) || index.means(key, "reasoning_content", in: bytes)
            || index.means(key, "refusal", in: bytes) || index.means(key, "reasoning", in: bytes)
    }

    private mutating func add(_ count: Int) {
        guard count > 0 else { return }
        textBytes &+= count
        isPresent = true
    }

    private mutating func addCalls(_ calls: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        for call in index.elements(of: calls) {
            isPresent = true
            for (key, value) in index.members(of: call)
            where index.means(key, "function", in: bytes) || index.means(key, "custom", in: bytes) {
                addCall(value, in: bytes, index: index)
            }
        }
    }

    private mutating func addCall(_ call: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        isPresent = true
        for (_, value) in index.members(of: call) where index.kind(of: value) == .string {
            add(index.contentCount(value))
        }
    }
}
