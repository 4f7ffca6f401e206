import Wire

/// Puts a request into its target's words.
enum Outbound {
    static func render(_ marked: consuming MarkedRequest, for target: OutboundTarget) throws(PipelineError)
        -> RenderedRequest
    {
        guard target.dialect.form == marked.prepared.form else {
            throw .invalidRequest(
                message: "The target of this model does not take requests of this form.", param: "model")
        }
        do throws(JSONEditError) {
            switch marked.prepared.form {
            case .openAIChat: return try ChatOutbound.render(marked, for: target)
            }
        } catch {
            throw .invalidRequest(message: "The request cannot be rewritten for this model's target.", param: nil)
        }
    }
}

/// Chat Completions to a target that speaks it too: the client's bytes but for the model's name and, in streams, the
/// request for usage.
private enum ChatOutbound {
    static func render(_ marked: MarkedRequest, for target: OutboundTarget) throws(JSONEditError) -> RenderedRequest {
        let chat = marked.prepared.chat
        var edits = marked.edits
        let asksForUsage = chat.isStream && target.dialect.takesStreamUsage && !chat.wantsUsageChunk
        if asksForUsage { try askForUsage(chat, &edits) }
        if target.model != chat.model { try setModel(target.model, chat, &edits) }
        return RenderedRequest(
            pathSuffix: target.dialect.chatPath, edits: edits, hidesUsageChunk: asksForUsage, droppedFields: [],
            rewrittenFields: [])
    }

    private static func setModel(
        _ model: String, _ chat: ChatRequestView, _ edits: inout JSONEdits
    ) throws(JSONEditError) {
        let span = chat.modelValue
        if model.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            try edits.replace(span: (span.lowerBound + 1)..<(span.upperBound - 1), with: model)
        } else {
            var writer = JSONWriter()
            writer.string(model)
            try edits.replace(span: span, with: writer.buffer)
        }
    }

    private static func askForUsage(_ chat: ChatRequestView, _ edits: inout JSONEdits) throws(JSONEditError) {
        switch chat.streamOptions {
        case .absent:
            try edits.insert(at: chat.afterBrace, #""stream_options":{"include_usage":true},"#)
        case .null(let span):
            try edits.replace(span: span, with: #"{"include_usage":true}"#)
        case .object(.absent, let afterBrace, isEmpty: true):
            try edits.insert(at: afterBrace, #""include_usage":true"#)
        case .object(.absent, let afterBrace, isEmpty: false):
            try edits.insert(at: afterBrace, #""include_usage":true,"#)
        case .object(.no(let span), _, _):
            try edits.replace(span: span, with: "true")
        case .object(.yes, _, _):
            break
        }
    }
}
