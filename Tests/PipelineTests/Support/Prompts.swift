import NIOCore
import Pipeline
import Testing
import Wire

/// The stages before routing, over texts of every form.
enum Prompts {
    static func options(
        _ arrange: PipelineOptions.Arrangement, maxHistoryTokens: Int = 0, cache: PipelineOptions.CacheMarks = .auto
    ) -> PipelineOptions {
        var options = PipelineOptions()
        options.arrange = arrange
        options.maxHistoryTokens = maxHistoryTokens
        options.cache = cache
        return options
    }

    static func prepare(
        _ text: String, _ form: RequestForm, _ options: PipelineOptions, anchors: CutAnchors? = nil
    ) throws -> PreparedRequest {
        var index = JSONIndex()
        return try PromptPipeline(options: options).prepare(
            body: ByteBuffer(string: text), kind: .conversation(form),
            path: form == .geminiGenerate ? PathParameters(model: "m", isStream: false) : nil, anchors: anchors,
            index: &index)
    }

    /// The body after the stages, which must be JSON still.
    static func sent(_ text: String, _ prepared: PreparedRequest) throws -> String {
        var sent = ByteBuffer()
        ByteBuffer(string: text).withUnsafeReadableBytes { prepared.edits.apply(to: $0, into: &sent) }
        var index = JSONIndex()
        #expect(throws: Never.self, "\(String(buffer: sent))") {
            try sent.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
        }
        return String(buffer: sent)
    }

    static func sent(_ text: String, _ form: RequestForm, _ options: PipelineOptions) throws -> String {
        try sent(text, try prepare(text, form, options))
    }

    /// A body of the form with these tools, each a JSON text.
    static func body(_ form: RequestForm, tools: String) -> String {
        switch form {
        case .openAIChat: #"{"model":"m","messages":[{"role":"user","content":"q"}],"tools":"# + tools + "}"
        case .openAIResponses: #"{"model":"m","input":"q","tools":"# + tools + "}"
        case .anthropicMessages:
            #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}],"tools":"# + tools + "}"
        case .geminiGenerate: #"{"contents":[{"role":"user","parts":[{"text":"q"}]}],"tools":"# + tools + "}"
        }
    }
}
