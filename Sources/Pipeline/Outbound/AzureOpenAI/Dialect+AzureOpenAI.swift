import Wire

extension Dialect {
    /// Azure OpenAI: keys go as `api-key`, the deployment's name is the model's (learn.microsoft.com, API version life cycle,
    /// read 2026-11). A base URL of `…/openai/v1` has OpenAI's own paths; with an `api_version`, one of `…/openai` has the
    /// older paths, with the deployment in them.
    static let azureOpenAI = Dialect(
        forms: [.openAIChat, .openAIResponses], traits: .azureOpenAI,
        operations: [.embeddings, .imageGeneration, .imageEdit, .speech, .transcription], authorization: .header("api-key"),
        traitsOfModel: OpenAIModels.traits, chooseForm: OpenAIModels.form, path: azurePath)

    @Sendable private static func azurePath(_ question: PathQuestion) -> String {
        let suffix = usualPath(question)
        guard let version = question.apiVersion else { return suffix }
        let query = "?api-version=" + URLText.segment(version)
        switch question.kind {
        case .conversation(.openAIChat), .operation:
            return question.isVersioned
                ? suffix + query : "/deployments/" + URLText.segment(question.model) + suffix + query
        case .conversation, .tokenCount, .geminiEmbedding: return suffix + query
        }
    }
}
