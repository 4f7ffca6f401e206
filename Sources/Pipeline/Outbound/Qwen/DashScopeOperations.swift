import NIOCore
import Wire

/// What Tongyi Qianwen has in DashScope's own API alone, or there for every model.
///
/// Compatible mode knows images of the newest models only (alibabacloud.com, Qwen image generation and editing API reference,
/// 2026-10-12), no speech, and ranking of one model on a path of its own (platform.qianwenai.com, OpenAI-compatible reranking,
/// read 2026-11).
struct DashScopeOperations: NativeOperations {
    var operations: Set<Operation> { [.imageGeneration, .imageEdit, .speech, .rerank] }

    func write(_ request: NativeRequest, index: inout JSONIndex) throws(ConversationError) -> NativeCall {
        let root = try DashScopeAPI.root(basePath: request.target.basePath)
        switch request.operation {
        case .imageGeneration, .imageEdit: return try DashScopeImages.write(request, root: root, index: &index)
        case .speech: return DashScopeSpeech.write(request, root: root, index: &index)
        case .rerank: return DashScopeRanking.write(request, root: root)
        case .embeddings, .transcription, .moderation: throw .notInDashScope
        }
    }

    func read(
        _ body: ByteBuffer, _ translation: NativeTranslation, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        switch translation.operation {
        case .imageGeneration, .imageEdit: try DashScopeImages.read(body, translation, index: &index)
        case .speech: try DashScopeSpeech.read(body, translation, index: &index)
        case .rerank: try DashScopeRanking.read(body, translation, index: &index)
        case .embeddings, .transcription, .moderation:
            throw .malformed("there is no such answer in this vendor's words")
        }
    }

    func stream(_ translation: NativeTranslation) -> (any NativeStream)? {
        translation.operation == .speech ? DashScopeSpeechStream(translation) : nil
    }
}

extension ConversationError {
    fileprivate static let notInDashScope = ConversationError(
        "The target of this model does not take requests of this form.", param: "model")
}
