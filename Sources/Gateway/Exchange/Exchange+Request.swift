internal import Identity
internal import Metering
internal import NIOCore
internal import Pipeline
internal import Routing
internal import Wire

/// From the request's head to the first attempt.
extension Exchange {
    mutating func received(head: RequestHead, now: Int64, actions: inout [ExchangeAction]) {
        self.head = head
        guard head.endpoint.needsKey else {
            return refuse(.pathNotFound(head.path), now: now, actions: &actions)
        }
        switch head.credential {
        case .none: refuse(.missingKey, now: now, actions: &actions)
        case .conflicting: refuse(.conflictingKeys, now: now, actions: &actions)
        case .key(let digest): actions.append(.lookUp(digest))
        }
    }

    mutating func identified(
        _ answer: IdentityAnswer, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]
    ) {
        guard phase == .reading, principal == nil, let head else { return }
        switch answer {
        case .unknown: return refuse(.unknownKey, now: now, actions: &actions)
        case .unavailable: return refuse(.storeUnavailable, now: now, actions: &actions)
        case .known(let principal):
            if principal.caller.isExpired(atSeconds: createdAtMicroseconds / 1_000_000) {
                return refuse(.unknownKey, now: now, actions: &actions)
            }
            guard principal.caller.mayCall(fromAddress: head.clientAddress) else {
                return refuse(.addressForbidden, now: now, actions: &actions)
            }
            self.principal = principal
        }
        if let refusal = Self.refusal(of: head) { return refuse(refusal, now: now, actions: &actions) }
        begin(now: now, workspace: workspace, actions: &actions)
    }

    /// What is wrong with a head whose sender is known.
    private static func refusal(of head: RequestHead) -> GatewayError? {
        switch head.endpoint {
        case .notBuilt: .notBuilt(head.path)
        case .request where !head.isPost: .methodNotAllowed(head.path, allowed: "POST")
        case .models where head.isPost, .model where head.isPost: .methodNotAllowed(head.path, allowed: "GET")
        case .request, .models, .model, .health, .ready, .unknown: nil
        }
    }

    mutating func received(body: ByteBuffer, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        guard phase == .reading, self.body == nil else { return }
        self.body = body
        isRequestWhole = true
        begin(now: now, workspace: workspace, actions: &actions)
    }

    /// Goes on once both the caller and the body are there.
    private mutating func begin(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        guard let principal, let body, let head else { return }
        switch head.endpoint {
        case .models, .model: answerModels(head, principal, now: now, actions: &actions)
        case .request(let kind):
            do throws(GatewayError) {
                try admit(body, kind, from: principal, now: now, workspace: workspace)
                if case .tokenCount = kind, !isCountedUpstream {
                    return answerEstimate(now: now, actions: &actions)
                }
                meetTwins(now: now, workspace: workspace, actions: &actions)
            } catch {
                refuse(error, now: now, actions: &actions)
            }
        case .health, .ready, .notBuilt, .unknown: refuse(.internalFailure, now: now, actions: &actions)
        }
    }

    /// Reads the request, finds its model, and takes what it may cost from the caller's means.
    private mutating func admit(
        _ body: ByteBuffer, _ kind: RequestKind, from principal: Principal, now: Int64, workspace: Workspace
    ) throws(GatewayError) {
        let inbound = try read(body, kind, workspace: workspace)
        guard let (model, remainder) = snapshot.resolve(model: inbound.modelName) else {
            throw .modelNotFound(inbound.modelName)
        }
        guard principal.caller.mayUse(model: inbound.modelName) else { throw .modelForbidden(inbound.modelName) }
        guard journalIsWritable else { throw .journalUnavailable }
        try takeRates(of: principal, now: now)
        route.primary = model
        route.model = model
        route.remainder = remainder
        let request = try prepare(inbound, body, workspace: workspace)
        let estimate = estimatedCost(of: request, for: principal)
        guard principal.wallet.reserve(estimate) else { throw .outOfBalance }
        reserved = estimate
        prepared = request
        session = findSession(of: request)
    }

    /// The Inbound stage. The index is made here and used until `prepare` returns.
    private func read(
        _ body: ByteBuffer, _ kind: RequestKind, workspace: Workspace
    ) throws(GatewayError) -> InboundRequest {
        do throws(PipelineError) {
            return try PromptPipeline.read(
                body, kind: kind, path: head?.detail?.path?.parameters,
                contentType: head?.detail?.contentType, index: &workspace.index)
        } catch {
            throw GatewayError(error)
        }
    }

    /// The stages from Chunker to Hasher.
    private func prepare(
        _ inbound: InboundRequest, _ body: ByteBuffer, workspace: Workspace
    ) throws(GatewayError) -> PreparedRequest {
        do throws(PipelineError) {
            let pipeline = snapshot.models[route.model].pipeline
            let prepared = try pipeline.prepare(
                inbound, body: body, index: workspace.index, anchors: anchors(pipeline.options),
                tools: &workspace.tools)
            rememberCut(of: prepared)
            return prepared
        } catch {
            throw GatewayError(error)
        }
    }

    /// What one limit refuses must not count against another.
    private mutating func takeRates(of principal: Principal, now: Int64) throws(GatewayError) {
        try takeRate(principal.keyLimiter, now: now)
        do throws(GatewayError) {
            try takeRate(principal.userLimiter, now: now)
        } catch {
            principal.keyLimiter?.withdraw(admittedNanoseconds: now)
            throw error
        }
    }

    private mutating func takeRate(_ limiter: RateLimiter?, now: Int64) throws(GatewayError) {
        guard snapshot.limits.isRateLimited, let limiter else { return }
        switch limiter.admit(nowNanoseconds: now) {
        case .admitted(let remaining, let reset):
            guard remaining < rate?.remaining ?? .max else { return }
            rate = allowance(of: limiter, remaining: remaining, resetSeconds: Self.seconds(reset), now: now)
        case .refused(let retryAfter):
            let wait = Self.seconds(retryAfter)
            rate = allowance(of: limiter, remaining: 0, resetSeconds: wait, now: now)
            throw .rateLimited(retryAfterSeconds: wait)
        }
    }

    private func allowance(of limiter: RateLimiter, remaining: Int, resetSeconds: Int, now: Int64) -> Allowance {
        let wait = Int64(resetSeconds) &* 1_000
        let wallMilliseconds = createdAtMicroseconds / 1_000 &+ (now &- startedAt) / 1_000_000
        let reset = LimitReset(afterMilliseconds: wait, atMilliseconds: wallMilliseconds &+ wait)
        return Allowance(limit: limiter.limit, remaining: remaining, reset: reset)
    }

    /// Whole seconds, rounded up, at least one.
    private static func seconds(_ nanoseconds: Int64) -> Int {
        max(1, Int((max(0, nanoseconds) / 1_000_000_000) &+ (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)))
    }

    /// What the first candidate would take for the prompt and a usual answer; zero where there is no price.
    private func estimatedCost(of request: PreparedRequest, for principal: Principal) -> NanoUSD {
        guard let price = snapshot.models[route.model].candidates.first?.price else { return .zero }
        var usage = TokenUsage()
        usage.uncachedInput = max(0, request.estimatedInputTokens)
        usage.visibleOutput = min(max(0, request.maximumOutputTokens ?? 1_000), 1_000_000)
        let cost = try? CostEngine.cost(
            of: usage, at: price, multiplierMillionths: principal.priceMultiplierMillionths)
        return cost ?? .zero
    }

    /// A target of the model counts tokens itself; the fallbacks are not asked.
    private var isCountedUpstream: Bool {
        guard let prepared else { return false }
        return snapshot.models[route.model].candidates.contains { $0.provider.dialect.serves(prepared.kind) }
    }

    /// Nobody upstream counts in this form: the client is given our estimate, and told so.
    private mutating func answerEstimate(now: Int64, actions: inout [ExchangeAction]) {
        releaseReservation()
        var answerBody = ByteBuffer()
        let tokens = prepared?.estimatedInputTokens ?? 0
        let form = head?.form ?? .openAIChat
        FormAdapters.writeTokenCount(tokens, in: form, into: &answerBody)
        var head = answerHead(status: 200)
        head.fidelity.rewrite(form == .geminiGenerate ? "totalTokens" : "input_tokens")
        actions.append(.answer(Answer(head: head, body: answerBody, closesConnection: !isRequestWhole)))
        finish(.success, now: now, actions: &actions)
    }

    private mutating func answerModels(
        _ head: RequestHead, _ principal: Principal, now: Int64, actions: inout [ExchangeAction]
    ) {
        let listing = ModelListing(snapshot: snapshot, caller: principal.caller, form: head.form)
        var answerBody = ByteBuffer()
        if head.endpoint == .model {
            let id = ModelListing.identifier(ofPath: head.path)
            guard listing.write(id: id, to: &answerBody) else {
                return refuse(.modelNotFound(id), now: now, actions: &actions)
            }
        } else {
            listing.writeAll(to: &answerBody)
        }
        let answer = Answer(head: answerHead(status: 200), body: answerBody, closesConnection: !isRequestWhole)
        actions.append(.answer(answer))
        finish(.success, now: now, actions: &actions)
    }

    /// Ends an exchange that owes nobody anything: it was refused before it could cost.
    mutating func refuse(_ error: GatewayError, now: Int64, actions: inout [ExchangeAction]) {
        guard phase == .reading else { return }
        releaseReservation()
        actions.append(.answer(answer(for: error)))
        finish(.error, now: now, actions: &actions)
    }
}
