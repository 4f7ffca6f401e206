import NIOCore
import Wire

/// DashScope's own API: where it is, and what all its answers have in common (alibabacloud.com, Model Studio's API references;
/// package dashscope 2.0.2, read 2026-11).
enum DashScopeAPI {
    /// Ways in that lie beside each other on every host, in front of which a proxy may have a path of its own.
    private static let knownPaths = ["/compatible-mode/v1", "/compatible-api/v1", "/api/v1", "/apps/anthropic"]

    /// The path of the own API, no slash at its end.
    ///
    /// - Parameter basePath: of the provider's base URL.
    /// - Throws: the base URL is none of those that tell where the host's other APIs are.
    static func root(basePath: String) throws(ConversationError) -> String {
        guard let known = knownPaths.first(where: basePath.hasSuffix) else {
            throw ConversationError(
                "The target of this model cannot be reached: its provider's base_url must end with /compatible-mode/v1, from which the address of DashScope's own API follows.",
                param: "model")
        }
        return basePath.dropLast(known.utf8.count) + "/api/v1"
    }

    /// An answer that came with status 200; one that is an error all the same is thrown as one.
    ///
    /// - Parameter index: scratch.
    static func answer(_ body: ByteBuffer, index: inout JSONIndex) throws(AnswerError) -> JSONView {
        guard let root = JSONView(body, index: &index), root.isObject else {
            throw .malformed("the body is not one whole JSON object")
        }
        if isError(root) { throw .upstream(UpstreamErrorReader.read(body, index: &index)) }
        return root
    }

    /// `{"code","message","request_id"}`; a code is there and empty in answers of some models.
    static func isError(_ root: JSONView) -> Bool {
        guard root["output"] == nil || root["output"]?.members.isEmpty == true else { return false }
        return root["code"]?.string?.isEmpty == false || root["error"] != nil
    }

    /// What the answer says it used; `tokens` is nil where it counts something else.
    static func usage(of root: JSONView) -> (tokens: ReportedUsage?, text: ByteBuffer?) {
        guard let usage = root["usage"], usage.isObject else { return (nil, nil) }
        let tokens = usage.body.withUnsafeReadableBytes {
            OperationAnswer.usage(usage.node, in: $0, index: usage.index).tokens
        }
        return (
            tokens, usage.body.getSlice(at: usage.body.readerIndex &+ usage.span.lowerBound, length: usage.span.count)
        )
    }
}
