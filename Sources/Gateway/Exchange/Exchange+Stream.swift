internal import Metering
internal import NIOCore
internal import Pipeline
internal import Routing
internal import Wire

/// What the upstream says, event by event.
extension Exchange {
    /// Silence towards the client after which a comment is sent.
    static let keepAliveNanoseconds: Int64 = 10_000_000_000
    private static let keepAliveComment = ByteBuffer(staticString: ": keep-alive\n\n")
    /// Gemini's own client takes every line that is neither empty nor data for JSON (package google-genai 3.4.0).
    private static let keepAliveBlankLine = ByteBuffer(staticString: "\n")

    mutating func relay(_ bytes: ByteBuffer, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        stream.decoder.append(bytes)
        do throws(SSEError) {
            while phase == .streaming, let event = try stream.decoder.next() {
                relay(event, now: now, workspace: workspace, actions: &actions)
            }
        } catch {
            failAttempt(.invalidResponse, now: now, workspace: workspace, actions: &actions)
        }
    }

    private mutating func relay(_ event: SSEEvent, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        guard !event.isComment, !stream.hasEnded, stream.reader != nil else { return }
        let step = stream.reader?.read(event, index: &workspace.index)
        switch step {
        case .forward(let bytes, let isFirstContent, let contentBytes):
            if isFirstContent, firstTokenAt == nil {
                firstTokenAt = now
                noteWarmth(now: now)
            }
            stream.forwardedContentBytes &+= contentBytes
            openStream(now: now, actions: &actions)
            stream.isEventForwarded = true
            stream.lastWriteAt = now
            actions.append(.streamBytes(bytes))
        case .hide, nil: break
        case .done(let tail):
            stream.hasEnded = true
            stream.tail = tail
            completeStream(now: now, actions: &actions)
        case .failed(let message):
            route.lastFailure = .upstreamFailed(snapshot.secrets.masked(message))
            cancelUpstream(&actions)
            if stream.isEventForwarded { return breakStream(.streamError, now: now, actions: &actions) }
            endAttempt(.streamError, now: now, workspace: workspace, actions: &actions)
        case .malformed:
            failAttempt(.invalidResponse, now: now, workspace: workspace, actions: &actions)
        }
    }

    /// The upstream's framing ended.
    mutating func finishStream(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        if let last = stream.decoder.finish() {
            relay(last, now: now, workspace: workspace, actions: &actions)
            guard phase == .streaming else {
                if phase == .recording { releaseUpstream(&actions) }
                return
            }
        }
        guard let tail = stream.reader?.finish() else {
            return failAttempt(.reset, now: now, workspace: workspace, actions: &actions)
        }
        releaseUpstream(&actions)
        stream.tail = tail
        completeStream(now: now, actions: &actions)
    }

    /// The answer is whole: record it, then let its end go.
    private mutating func completeStream(now: Int64, actions: inout [ExchangeAction]) {
        guard let candidate = currentCandidate else { return }
        openStream(now: now, actions: &actions)
        let completed = streamUsage()
        closeAttempt(nil, isSuccess: true, completed: completed, candidate: candidate, now: now)
        conclusion = .stream(tail: stream.tail ?? ByteBuffer(), isClean: true)
        record(.success, usage: completed, candidate: candidate, httpStatus: 200, error: nil, now: now, actions: &actions)
    }

    /// What the upstream reported, or an estimate from what went through.
    func streamUsage() -> CompletedUsage {
        CompletedUsage(
            reported: stream.reader?.usage, vendorText: stream.reader?.usageText,
            estimatedInput: prepared?.estimatedInputTokens ?? 0,
            estimatedOutput: UsageEstimate.tokens(utf8Bytes: stream.forwardedContentBytes))
    }

    /// The upstream failed after its first event left: the client is told in the stream, and sees it break off.
    mutating func breakStream(_ failure: FailureClass, now: Int64, actions: inout [ExchangeAction]) {
        guard let candidate = currentCandidate else { return }
        let error = route.lastFailure ?? GatewayError(failure)
        let completed = streamUsage()
        closeAttempt(failure, now: now, actions: &actions)
        charge(vendor: completed, candidate: candidate)
        conclusion = .stream(tail: errorEvent(error), isClean: false)
        record(
            .error, usage: completed, candidate: candidate, httpStatus: 200, error: error, now: now, actions: &actions)
    }

    mutating func errorEvent(_ error: GatewayError) -> ByteBuffer {
        let error = ClientError(error, requestID: id)
        let form = head?.form ?? .openAIChat
        if let event = stream.reader?.failureEvent(error, form: form) { return event }
        var event = ByteBuffer()
        FormAdapters.writeEvent(error, in: form, into: &event)
        return event
    }

    /// Sends the stream's head if it has not gone yet.
    mutating func openStream(now: Int64, actions: inout [ExchangeAction]) {
        guard !stream.isHeadSent else { return }
        stream.isHeadSent = true
        stream.lastWriteAt = now
        actions.append(.streamHead(answerHead(status: 200, contentType: .eventStream)))
    }

    /// A comment that keeps proxies between the client and us from giving up; it commits to nothing.
    mutating func keepAlive(now: Int64, actions: inout [ExchangeAction]) {
        openStream(now: now, actions: &actions)
        stream.lastWriteAt = now
        actions.append(
            .streamBytes(head?.form == .geminiGenerate ? Self.keepAliveBlankLine : Self.keepAliveComment))
    }
}
