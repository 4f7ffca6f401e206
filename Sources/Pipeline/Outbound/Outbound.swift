import NIOCore
import Wire

/// In whose words a request goes out.
enum OutboundRoute: Equatable {
    /// The client's bytes, changed here and there: a conversation in the client's own form.
    case sameForm(RequestForm)
    /// A conversation in another form, or in the same one where it holds what only the gateway understands.
    case translated(RequestForm)
    /// Not a conversation.
    case asIs
}

/// Puts a request into its target's words.
struct Outbound {
    let isStrict: Bool
    private let injector: CacheInjector

    init(_ options: PipelineOptions) {
        isStrict = options.isStrict
        injector = CacheInjector(options)
    }

    /// - Throws: where the target takes no request of this kind.
    static func route(
        _ prepared: PreparedRequest, body: ByteBuffer, to target: OutboundTarget
    ) throws(PipelineError) -> OutboundRoute {
        guard case .conversation(let form) = prepared.kind else { return .asIs }
        let question = Dialect.FormQuestion(client: form, model: target.model, view: prepared.view)
        guard let chosen = target.dialect.form(for: question) else { throw .unreachable }
        let isSame = chosen == form && (form == .openAIChat || !Signature.mayBeSealed(in: body))
        return isSame ? .sameForm(form) : .translated(chosen)
    }

    func render(
        _ marked: consuming MarkedRequest, body: ByteBuffer, for target: OutboundTarget, context: RenderContext,
        index: inout JSONIndex
    ) throws(PipelineError) -> RenderedRequest {
        let prepared = marked.prepared
        switch prepared.kind {
        case .conversation(let client):
            guard case .translated(let form) = marked.route else {
                let plan = marked.plan
                var rendered = try SameForm(prepared: prepared, form: client, target: target, context: context)
                    .render(marked.edits, body: body, index: &index)
                rendered.cachePlan = plan ?? .leftAlone
                return rendered
            }
            return try translate(prepared, body: body, to: form, target, context, index: &index)
        case .tokenCount(let form):
            guard target.dialect.countsTokens.contains(form) else { throw .unreachable }
            return try SameForm(prepared: prepared, form: form, target: target, context: context)
                .render(marked.edits, body: body, index: &index)
        case .operation(let operation):
            return try OperationOutbound(prepared: prepared, target: target, context: context)
                .render(operation, marked.edits, body: body, isStrict: isStrict, index: &index)
        case .geminiEmbedding:
            guard let request = prepared.embedding else { throw .unreachable }
            return try OperationOutbound(prepared: prepared, target: target, context: context)
                .render(request, isStrict: isStrict)
        }
    }

    /// The request as the stages leave it.
    private static func conversation(
        of prepared: PreparedRequest, body: ByteBuffer, index: inout JSONIndex
    ) throws(ConversationError) -> Conversation {
        let form = prepared.kind.form
        guard !prepared.edits.isEmpty else {
            let isIndexed = prepared.reading != 0 && index.reading == prepared.reading
            return try FormAdapters.readConversation(
                body, form: form, path: prepared.path, isIndexed: isIndexed, index: &index)
        }
        var edited = ByteBuffer()
        body.withUnsafeReadableBytes { prepared.edits.apply(to: $0, into: &edited) }
        return try FormAdapters.readConversation(
            edited, form: form, path: prepared.path, isIndexed: false, index: &index)
    }

    private func translate(
        _ prepared: PreparedRequest, body: ByteBuffer, to form: RequestForm, _ target: OutboundTarget,
        _ context: RenderContext, index: inout JSONIndex
    ) throws(PipelineError) -> RenderedRequest {
        let conversation: Conversation
        let tools: ClientTools
        let plan: CachePlan
        var written: WrittenRequest
        do throws(ConversationError) {
            conversation = try Self.conversation(of: prepared, body: body, index: &index)
            var told = conversation
            plan = injector.inject(
                into: &told, of: prepared, body: body, in: form, for: target, context: context)
            let names = form == conversation.form ? .unchanged : ToolNames(conversation, for: form)
            names.apply(to: &told)
            tools = ClientTools(names: names, told: told)
            written = try FormAdapters.write(
                told, in: form, for: WritingTarget(model: target.model, traits: target.dialect.traits(of: target.model)),
                index: &index)
            if !names.isEmpty { written.report.rewrite(conversation.form.functionField("name")) }
        } catch {
            throw PipelineError(error)
        }
        if plan.outcome != .off, plan.droppedMarks > 0 { written.report.drop(.cacheMarks, of: conversation.form) }
        // What is only to make the answer cheaper does not change it.
        let cacheKey = ConversationField.promptCacheKey.name(in: conversation.form)
        if isStrict, let field = written.report.dropped.first(where: { $0 != cacheKey }) { throw .notCarried(field) }
        for header in ClientHeader.betas where context.headers[header] != nil { written.report.drop(header.name) }
        var answer = CompletionContext(
            conversation: conversation, upstreamModel: target.model, idSeed: String(context.idSeed, radix: 36),
            createdSeconds: context.createdSeconds, estimatedInputTokens: prepared.estimatedInputTokens,
            includesUsageChunk: prepared.clientWantsUsageChunk)
        answer.vendorForm = form
        answer.tools = tools
        var rendered = RenderedRequest(
            path: target.path(.conversation(form), isStream: prepared.isStream), content: .body(written.body), headers: written.headers,
            answer: .translated(Translation(vendorForm: form, context: answer)), report: written.report)
        rendered.cachePlan = plan
        return rendered
    }
}

extension ClientHeader {
    /// Wishes for features, which another form's vendor cannot know.
    static let betas: [ClientHeader] = [.anthropicBeta, .openAIBeta]
}

extension PipelineError {
    /// The target's vendor takes no request of this kind.
    static let unreachable = PipelineError.invalidRequest(
        message: "The target of this model does not take requests of this form.", param: "model")

    static func notCarried(_ field: String) -> PipelineError {
        .invalidRequest(
            message: "'\(field)' cannot be carried to this model's target, and the model is strict. Leave it out.",
            param: field)
    }
}
