import NIOCore
import Wire

/// A prepared request with what its target's cache needs.
struct MarkedRequest {
    var prepared: PreparedRequest
    var route: OutboundRoute
    /// The prepared request's edits and the marks', where the client's bytes go out.
    var edits: JSONEdits
    /// nil: it goes out in another form and is marked as it is translated.
    var plan: CachePlan?
}

/// Marks where a vendor shall cache, by that vendor's rules and by what a mark is expected to save; sets the key that brings
/// a conversation's requests together.
///
/// `auto`: the client's marks and ours beside them. `client`: the client's alone, and no key. `off`: no mark leaves, the
/// client's are taken out. A mark that stands where the stages have put other bytes is theirs to place.
struct CacheInjector {
    let marks: PipelineOptions.CacheMarks

    init(_ options: PipelineOptions) {
        marks = options.cache
    }

    func inject(
        _ prepared: PreparedRequest, body: ByteBuffer, on route: OutboundRoute, for target: OutboundTarget,
        context: RenderContext
    ) -> MarkedRequest {
        var marked = MarkedRequest(prepared: prepared, route: route, edits: prepared.edits, plan: .leftAlone)
        switch route {
        case .asIs: break
        case .translated: marked.plan = nil
        case .sameForm(let form):
            let rules = target.dialect.cacheRules(of: target.model, in: form)
            let injection = CacheInjection(
                prepared: prepared, rules: rules, terms: target.cacheTerms, outlook: context.cache)
            switch marks {
            case .client: marked.plan?.clientMarks = prepared.view.caching.clientMarkCount(prepared.view)
            case .off: marked.plan = BodyMarks.removeAll(of: prepared.view, from: &marked.edits)
            case .auto: marked.plan = injection.mark(&marked.edits, body: body, form: form)
            }
        }
        return marked
    }

    /// The same for a conversation that is about to be written in another form.
    func inject(
        into conversation: inout Conversation, of prepared: PreparedRequest, body: ByteBuffer, in form: RequestForm,
        for target: OutboundTarget, context: RenderContext
    ) -> CachePlan {
        var rules = target.dialect.cacheRules(of: target.model, in: form)
        if rules.marks == .breakpoints, form == .openAIChat, !target.dialect.traits(of: target.model).takesBreakpoints {
            rules.marks = .none
        }
        let injection = CacheInjection(
            prepared: prepared, rules: rules, terms: target.cacheTerms, outlook: context.cache)
        switch marks {
        case .client: return injection.keepMarks(of: &conversation)
        case .off: return ConversationMarks.removeAll(from: &conversation)
        case .auto: return injection.mark(&conversation, body: body)
        }
    }
}
