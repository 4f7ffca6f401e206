import NIOCore
import Wire

/// One request's marks and key for one target.
struct CacheInjection {
    let prepared: PreparedRequest
    let rules: CacheRules
    let terms: CacheTerms?
    let outlook: CacheOutlook

    /// An estimate may be a quarter too high, and a mark on too short a prefix does nothing and costs nothing.
    private var minimumTokens: Int64 { (terms?.minimumTokens ?? rules.minimumTokens) * 3 / 4 }

    /// Marks a body that goes out in the client's own form.
    func mark(_ edits: inout JSONEdits, body: ByteBuffer, form: RequestForm) -> CachePlan {
        let view = prepared.view
        var plan = CachePlan(outcome: .automatic)
        plan.clientMarks = view.caching.clientMarkCount(view)
        if rules.marks != .none {
            if prepared.estimatedInputTokens < minimumTokens {
                plan.outcome = .belowMinimum
            } else if view.caching.isExplicit {
                plan.outcome = .leftAlone
            } else {
                let marks = BodyMarks(form: form, rules: rules, moved: prepared.moved)
                decide(&plan, PromptOutline(prepared, rules), body) { marks.put($0, $1, into: &edits) }
            }
        }
        if rules.takesKey, !view.caching.hasKey, let key {
            // The offset lies before every member, where nothing can stand in the way.
            if (try? edits.insert(at: view.afterBrace, "\"prompt_cache_key\":\"\(key)\",")) != nil { plan.key = key }
        }
        return plan
    }

    /// Marks a conversation that is about to be written in another form.
    func mark(_ conversation: inout Conversation, body: ByteBuffer) -> CachePlan {
        var plan = keepMarks(of: &conversation)
        plan.outcome = .automatic
        if rules.marks != .none {
            let moved = prepared.moved.flatMap { ConversationMarks.part(from: $0, in: &conversation) }
            let outline = PromptOutline(conversation, rules, moved: moved)
            if outline.tokens < minimumTokens {
                plan.outcome = .belowMinimum
            } else {
                decide(&plan, outline, body) { ConversationMarks.put($0, $1, rules, into: &conversation) }
            }
        }
        if rules.takesKey, conversation.settings.promptCacheKey == nil, let key {
            conversation.settings.promptCacheKey = JSONText(key)
            plan.key = key
        }
        return plan
    }

    /// The client's marks, as many as the target takes.
    func keepMarks(of conversation: inout Conversation) -> CachePlan {
        var plan = CachePlan.leftAlone
        guard rules.marks != .none else { return plan }
        if rules.marks == .blocks {
            plan.droppedMarks = ConversationMarks.keepLatest(rules.mostMarks, of: &conversation)
        }
        plan.clientMarks = PromptOutline(conversation, rules).clientMarks
        return plan
    }

    private var key: String? { outlook.identity.map(PromptCacheKey.key) }

    /// A date alone stays for a day.
    private func isSystemDoubtful(_ body: ByteBuffer) -> Bool {
        prepared.volatility.contains { text in
            guard !text.isMoved else { return false }
            switch text.kind {
            case .time, .epoch: return true
            case .date:
                let start = body.readerIndex + text.span.lowerBound
                return body.getSlice(at: start, length: text.span.count)?.readableBytesView.contains(UInt8(ascii: ":"))
                    ?? false
            case .uuid, .counter: return false
            }
        }
    }

    /// - Parameter put: sets a mark; false where it cannot stand there.
    private func decide(
        _ plan: inout CachePlan, _ outline: PromptOutline, _ body: ByteBuffer,
        _ put: (PromptOutline.Target, CacheLife) -> Bool
    ) {
        var outline = outline
        outline.warm(outlook, prepared.blocks)
        outline.isSystemDoubtful = isSystemDoubtful(body)
        let prices = CachePrices(rules, terms)
        let points = CachePoints(outline, rules, outlook, minimumTokens: minimumTokens)
        let room = rules.mostMarks - points.clientMarks - (rules.marksEnd ? 1 : 0)
        guard room > 0 else { return plan.outcome = .full }
        let (marks, value) = MarkPlanner(points, prices, rules).plan(room: room)
        for (point, life, share) in marks {
            guard let target = point.target, put(target, life) else { continue }
            plan.marks.append(
                CachePlan.Mark(
                    place: point.place, isLong: life == .long, life: rules.duration(life), tokens: point.tokens,
                    expectedPicoUSD: prices.isMoney ? share : nil))
        }
        plan.outcome = plan.marks.isEmpty ? .notWorth : .marked
        if !plan.marks.isEmpty, prices.isMoney { plan.expectedNanoUSD = value / 1_000 }
    }
}

extension PromptCaching {
    /// All marks of the client's, an automatic one among them.
    func clientMarkCount(_ view: PromptView) -> Int {
        view.cacheMarks.count + (automaticMark == nil ? 0 : 1)
    }
}
