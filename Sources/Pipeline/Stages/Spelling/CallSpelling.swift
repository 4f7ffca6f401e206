import NIOCore
import Wire

/// Gives the arguments of calls in the history one spelling. What tools gave back, and what users and models said, is left.
struct CallSpelling {
    let source: PromptSource
    private var scratch: JSONIndex?

    init(_ source: PromptSource) {
        self.source = source
    }

    mutating func respell(
        _ messages: some Collection<PromptMessage>, _ edits: inout JSONEdits
    ) throws(JSONEditError) {
        guard let form = source.form else { return }
        for message in messages where message.role == .assistant {
            guard let node = source.index.node(at: message.span.lowerBound) else { continue }
            switch form {
            case .openAIChat: try respell(chat: node, &edits)
            case .openAIResponses:
                guard let type = source.member("type", of: node), source.means(type, "function_call") else { continue }
                try respell(textIn: node, &edits)
            case .anthropicMessages:
                guard let content = source.member("content", of: node) else { continue }
                for block in source.index.elements(of: content) {
                    guard let type = source.member("type", of: block), source.means(type, "tool_use") else { continue }
                    try respell(source.member("input", of: block), &edits)
                }
            case .geminiGenerate:
                guard let parts = source.member("parts", of: node) else { continue }
                for part in source.index.elements(of: parts) {
                    guard let call = source.member("functionCall", "function_call", of: part) else { continue }
                    try respell(source.member("args", of: call), &edits)
                }
            }
        }
    }

    private mutating func respell(chat message: Int, _ edits: inout JSONEdits) throws(JSONEditError) {
        if let calls = source.member("tool_calls", of: message) {
            for call in source.index.elements(of: calls) {
                guard let function = source.member("function", of: call) else { continue }
                try respell(textIn: function, &edits)
            }
        }
        if let call = source.member("function_call", of: message) { try respell(textIn: call, &edits) }
    }

    /// Arguments that are JSON inside a string.
    private mutating func respell(textIn call: Int, _ edits: inout JSONEdits) throws(JSONEditError) {
        guard let arguments = source.member("arguments", of: call), source.index.kind(of: arguments) == .string else {
            return
        }
        var index = scratch.take() ?? JSONIndex()
        let text = CanonicalText.respelled(arguments, of: source.index, in: source.bytes, scratch: &index)
        scratch = index
        if let text { try edits.replace(span: source.index.span(arguments), with: text) }
    }

    private func respell(_ arguments: Int?, _ edits: inout JSONEdits) throws(JSONEditError) {
        guard let arguments, source.index.kind(of: arguments) == .object, !source.json.isCanonical(arguments) else {
            return
        }
        var text = ByteBuffer()
        guard source.json.write(arguments, into: &text) else { return }
        try edits.replace(span: source.index.span(arguments), with: text)
    }
}
