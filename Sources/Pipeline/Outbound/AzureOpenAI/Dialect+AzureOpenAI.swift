import Wire

extension Dialect {
    /// Azure OpenAI: keys go as `api-key`, the deployment's name is the model's (learn.microsoft.com, API version life cycle,
    /// read 2026-11). A base URL may be the resource's, with `/openai` or without, or end with `/openai/v1`.
    static let azureOpenAI = Dialect(
        forms: [.openAIChat, .openAIResponses], traits: .azureOpenAI,
        operations: [.embeddings, .imageGeneration, .imageEdit, .speech, .transcription], authorization: .header("api-key"),
        traitsOfModel: OpenAIModels.traits, cacheRules: { _, _ in .azureOpenAI }, chooseForm: OpenAIModels.form, path: azurePath)

    /// With a dated `api_version` the older paths, whose deployment is in them; without one OpenAI's own, under `/v1`.
    @Sendable private static func azurePath(_ question: PathQuestion) -> String {
        let suffix = usualPath(question)
        let query = question.apiVersion.map { "?api-version=" + URLText.segment($0) } ?? ""
        if question.baseSegment == "v1" { return suffix + query }
        let root = question.baseSegment == "openai" ? "" : "/openai"
        guard question.apiVersion != nil else { return root + "/v1" + suffix }
        switch question.kind {
        case .conversation(.openAIChat), .operation:
            return root + "/deployments/" + URLText.segment(question.model) + suffix + query
        case .conversation, .tokenCount, .geminiEmbedding: return root + suffix + query
        }
    }
}
