import NIOCore
import Wire

/// The `response` object: whole as an answer's body and in a stream's last event, without output in its first.
///
/// It repeats the request's settings and tools as OpenAI does, and leaves its prompt out: `instructions` is null.
struct ResponsesEnvelope {
    let context: CompletionContext
    var id: JSONText
    var model: JSONText
    var createdSeconds: Int64

    init(context: CompletionContext, id: JSONText?, model: JSONText?, createdSeconds: Int64?) {
        self.context = context
        self.id = Self.responseID(id, seed: context.idSeed)
        self.model = model ?? JSONText(context.upstreamModel)
        self.createdSeconds = createdSeconds ?? context.createdSeconds
    }

    /// - Parameters:
    ///   - status: nil while it goes on.
    ///   - output: the items with their commas, without brackets.
    ///   - failure: why it failed, where the vendor or the way to it did.
    func write(
        status: ResponsesStatus?, output: ByteBuffer, usage: ReportedUsage?, serviceTier: JSONText?,
        failure: ClientError? = nil, into writer: inout JSONWriter
    ) {
        writer.object {
            $0.member("id", id)
            $0.member("object", "response")
            $0.member("created_at", createdSeconds)
            $0.member("status", of: status?.name ?? "in_progress")
            writeError(status, failure, into: &$0)
            $0.key("instructions")
            $0.null()
            $0.member("model", model)
            $0.array("output") { if output.readableBytes > 0 { $0.raw(output) } }
            writeRequest(into: &$0)
            $0.member("service_tier", ifPresent: servedTier(serviceTier))
            $0.key("usage")
            ResponsesUsage.write(usage, into: &$0)
        }
    }

    private func writeError(_ status: ResponsesStatus?, _ failure: ClientError?, into writer: inout JSONWriter) {
        writer.key("error")
        if let failure {
            writer.failure(failure)
        } else if status == .failed {
            writer.object {
                $0.member("code", "server_error")
                $0.member("message", "The model made a tool call that cannot be read.")
            }
        } else {
            writer.null()
        }
        writer.key("incomplete_details")
        if case .incomplete(let reason) = status {
            writer.object { $0.member("reason", of: reason) }
        } else {
            writer.null()
        }
    }

    /// What was asked for; null where the client left it to the vendor.
    private func writeRequest(into writer: inout JSONWriter) {
        let conversation = context.conversation
        let settings = conversation.settings
        writer.member("parallel_tool_calls", conversation.allowsParallelToolCalls ?? true)
        writer.key("previous_response_id")
        writer.null()
        writer.key("reasoning")
        writer.object {
            $0.member("effort", settings.reasoning?.effort?.rawValue)
            $0.member("summary", orNull: settings.reasoning?.summary)
        }
        writer.member("store", false)
        writer.member("temperature", settings.temperature ?? .null)
        writer.object("text") {
            $0.key("format")
            $0.outputFormat(settings.outputFormat ?? .text)
            $0.member("verbosity", ifPresent: settings.verbosity)
        }
        writer.key("tool_choice")
        ResponsesTools.write(conversation.toolChoice ?? .auto, tools: conversation.tools, into: &writer)
        writeTools(conversation.tools, into: &writer)
        writer.member("top_p", settings.topP ?? .null)
        writer.member("max_output_tokens", settings.maximumOutputTokens.map { .integer($0) } ?? .null)
        writer.member("metadata", settings.metadata ?? .emptyObject)
        writer.member("safety_identifier", orNull: settings.userID)
        writer.member("prompt_cache_key", orNull: settings.promptCacheKey)
    }

    private func writeTools(_ tools: [ToolDefinition], into writer: inout JSONWriter) {
        var index = JSONIndex()
        writer.array("tools") { list in
            for tool in tools {
                ResponsesTools.write(
                    tool, strict: tool.isStrict ?? false, others: tool.others, into: &list, index: &index)
            }
        }
    }

    /// The vendor's tier in the form's words, which clients check: `standard` is Anthropic's for `default`; nil for those
    /// that have none. Where the vendor said nothing, what was asked for.
    private func servedTier(_ tier: JSONText?) -> JSONText? {
        guard let tier else { return context.conversation.settings.serviceTier }
        if tier.means("standard") { return "default" }
        return Self.tiers.contains { tier.means($0) } ? tier : nil
    }

    /// openai 3.52.0, `ServiceTier`.
    private static let tiers: [StaticString] = ["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"]

    /// A vendor's id with the form's prefix, so that either side finds the other's.
    private static func responseID(_ id: JSONText?, seed: String) -> JSONText {
        guard let id, !id.isEmpty else { return JSONText("resp_" + seed) }
        if id.content.readableBytesView.starts(with: "resp_".utf8) { return id }
        return JSONText("resp_").joined(with: id, separator: "")
    }
}

extension JSONWriter {
    mutating func member(_ name: StaticString, of value: StaticString) {
        key(name)
        string(value)
    }

    /// `null` where there is no value.
    mutating func member(_ name: StaticString, orNull value: JSONText?) {
        key(name)
        if let value { text(value) } else { null() }
    }
}
