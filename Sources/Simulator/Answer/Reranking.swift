/// What `POST /rerank` answers, in the shape that Jina and Cohere share: documents by the share of the query's words in
/// them, earlier ones first among equals.
enum Reranking {
    static func answer(to body: JSONTree, identifier: String) throws(RequestProblem) -> JSONTree {
        guard let query = body["query"]?.text, !query.isEmpty else {
            throw RequestProblem(message: "Missing required parameter: 'query'.", parameter: "query")
        }
        guard let documents = body["documents"]?.elements, !documents.isEmpty, documents.count <= 1000 else {
            throw RequestProblem(message: "'documents' must have from 1 to 1000 elements.", parameter: "documents")
        }
        var texts: [String] = []
        for document in documents {
            guard let text = document.text ?? document["text"]?.text else {
                throw RequestProblem(message: "Each document must be a text or have one.", parameter: "documents")
            }
            texts.append(text)
        }
        let most = try SimulatedRequest.limit("top_n", in: body, atLeast: 1) ?? documents.count
        let wanted = words(query)
        let ranked = texts.enumerated().map { ($0, score(of: $1, for: wanted)) }
            .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
        let returnsDocuments = body["return_documents"]?.flag ?? false
        let results = ranked.prefix(most).map { index, score -> JSONTree in
            var members: [JSONTree.Member] = [
                .init("index", .int(index)), .init("relevance_score", .number(String(score))),
            ]
            if returnsDocuments { members.append(.init("document", ["text": .string(texts[index])])) }
            return .object(members)
        }
        let tokens = texts.reduce(SimulatedTokenizer.count(query)) { $0 + SimulatedTokenizer.count($1) }
        return [
            "id": .string(identifier), "object": "list", "model": body["model"] ?? .null, "results": .array(results),
            "usage": ["prompt_tokens": .int(tokens), "total_tokens": .int(tokens)],
            "meta": ["api_version": ["version": "2"], "billed_units": ["search_units": 1]],
        ]
    }

    private static func words(_ text: String) -> Set<String> {
        Set(text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init))
    }

    private static func score(of text: String, for wanted: Set<String>) -> Double {
        wanted.isEmpty ? 0 : Double(wanted.intersection(words(text)).count) / Double(wanted.count)
    }
}
