/// What DashScope's `text-rerank` answers: the ranking of `Reranking` in other words.
enum DashScopeRanking {
    static func answer(to body: JSONTree, requestID: String, hidesUsage: Bool) throws(RequestProblem) -> JSONTree {
        let request = try DashScopeBody(
            body, inputs: ["query", "documents"], parameters: ["top_n", "return_documents", "instruct", "fps"])
        try request.checkFlag("return_documents")
        guard let documents = request.input["documents"]?.elements, (1...500).contains(documents.count) else {
            throw .inDashScope("input.documents must have from 1 to 500 elements")
        }
        let flat = JSONTree.object(
            (request.input.members ?? []) + (request.parameters.members ?? [])
                + [.init("model", body["model"] ?? .null)])
        let ranking = try Reranking.answer(to: flat, identifier: requestID)
        var members: [JSONTree.Member] = [.init("output", ["results": ranking["results"] ?? .array([])])]
        if !hidesUsage {
            members.append(.init("usage", ["total_tokens": ranking["usage"]?["total_tokens"] ?? .int(0)]))
        }
        members.append(.init("request_id", .string(requestID)))
        return .object(members)
    }
}
