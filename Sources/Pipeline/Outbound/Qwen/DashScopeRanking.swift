import NIOCore
import Wire

/// Ranking by DashScope's own API (platform.qianwenai.com, DashScope reranking, and alibabacloud.com, text rerank, 2026-06-30):
/// `qwen3-rerank`, `qwen3-vl-rerank`, `gte-rerank-v2`.
enum DashScopeRanking {
    static func write(_ request: NativeRequest, root: String) -> NativeCall {
        var call = NativeCall(path: root + "/services/rerank/text-rerank/text-rerank", body: ByteBuffer())
        var input: [OperationFields.Field] = []
        var parameters: [OperationFields.Field] = []
        for field in request.fields.fields {
            switch field.name {
            case "model": break
            case "query", "documents": input.append(field)
            case "top_n", "return_documents", "instruct", "fps": parameters.append(field)
            default: call.report.drop(field.name)
            }
        }
        JSONWriter.write(into: &call.body) { writer in
            writer.object { object in
                object.member("model", request.target.model)
                object.object("input") { members in write(input, into: &members) }
                guard !parameters.isEmpty else { return }
                object.object("parameters") { members in write(parameters, into: &members) }
            }
        }
        return call
    }

    private static func write(_ fields: [OperationFields.Field], into writer: inout JSONWriter) {
        for field in fields {
            writer.key(field.name)
            writer.fragment(field.fragment)
        }
    }

    static func read(
        _ body: ByteBuffer, _ translation: NativeTranslation, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        let root = try DashScopeAPI.answer(body, index: &index)
        guard let results = root["output"]?["results"], results.kind == .array else {
            throw .malformed("'output.results' is missing or no array")
        }
        let usage = DashScopeAPI.usage(of: root)
        var told = ByteBuffer()
        JSONWriter.write(into: &told) { writer in
            writer.object { object in
                object.member("id", ifPresent: root["request_id"]?.text)
                object.member("object", raw: #""list""#)
                object.member("model", translation.upstreamModel)
                object.member("results", results.fragment)
                object.object("usage") { members in
                    members.member("total_tokens", usage.tokens?.total ?? translation.estimatedInputTokens)
                }
            }
        }
        return AnswerSummary(
            body: told, usage: usage.tokens, usageText: usage.text?.readableBytesView, contentBytes: 0,
            choiceCount: results.elements.count, isFinished: true)
    }
}
