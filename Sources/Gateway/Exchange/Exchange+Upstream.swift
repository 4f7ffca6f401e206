internal import Metering
internal import NIOCore
internal import Pipeline
internal import Routing
internal import Wire

/// What the upstream says, unary.
extension Exchange {
    /// An upstream's error body past it is cut: it is only read for its message.
    static let maximumErrorBytes = 64 * 1024

    mutating func received(
        upstreamHead head: UpstreamHead, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]
    ) {
        guard phase == .awaitingHead, let prepared else { return }
        attempt?.httpStatus = head.status
        attempt?.retryAfterSeconds = head.retryAfterSeconds
        attempt?.otherContentType = head.otherContentType
        vendorLimits = head.limits
        stream.lastReadAt = now
        switch head.status {
        case 200..<300 where head.isEncoded:
            failAttempt(.invalidResponse, now: now, workspace: workspace, actions: &actions)
        case 200..<300 where prepared.isStream:
            guard head.isEventStream else { return failAttempt(.invalidResponse, now: now, workspace: workspace, actions: &actions) }
            phase = .streaming
        case 200..<300:
            phase = .collecting
        case 400..<600:
            phase = .collectingError
        default:
            failAttempt(.invalidResponse, now: now, workspace: workspace, actions: &actions)
        }
    }

    mutating func received(
        upstreamBody bytes: ByteBuffer, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]
    ) {
        stream.lastReadAt = now
        switch phase {
        case .collecting: collect(bytes, now: now, workspace: workspace, actions: &actions)
        case .collectingError:
            guard (collected?.readableBytes ?? 0) < Self.maximumErrorBytes else { return }
            append(bytes)
        case .streaming: relay(bytes, now: now, workspace: workspace, actions: &actions)
        case .reading, .awaitingTwin, .dialing, .awaitingHead, .recording, .finished: break
        }
    }

    private mutating func collect(
        _ bytes: ByteBuffer, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]
    ) {
        let limit = snapshot.limits.maximumResponseBytes
        guard (collected?.readableBytes ?? 0) + bytes.readableBytes <= limit else {
            return failAttempt(.invalidResponse, now: now, workspace: workspace, actions: &actions)
        }
        append(bytes)
    }

    private mutating func append(_ bytes: ByteBuffer) {
        guard var whole = collected else {
            collected = bytes
            return
        }
        collected = nil
        whole.writeImmutableBuffer(bytes)
        collected = whole
    }

    mutating func upstreamEnded(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        switch phase {
        case .collecting: finishUnary(now: now, workspace: workspace, actions: &actions)
        case .collectingError: finishError(now: now, workspace: workspace, actions: &actions)
        case .streaming:
            attempt?.isMessageWhole = true
            finishStream(now: now, workspace: workspace, actions: &actions)
        case .recording: releaseUpstream(&actions)
        case .reading, .awaitingTwin, .dialing, .awaitingHead, .finished: break
        }
    }

    private mutating func finishUnary(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        guard let candidate = currentCandidate else { return }
        let answerBody = collected ?? ByteBuffer()
        releaseUpstream(&actions)
        guard let answerRoute = attempt?.rendered.answer else { return }
        let summary: AnswerSummary
        do throws(AnswerError) {
            summary = try AnswerReader.readUnary(answerBody, route: answerRoute, index: &workspace.index)
        } catch {
            route.lastFailure = .upstreamFailed("The upstream's answer is not a valid, whole answer.")
            return endAttempt(.invalidResponse, now: now, workspace: workspace, actions: &actions)
        }
        firstTokenAt = now
        noteWarmth(now: now)
        let head = answerHead(status: 200, contentType: contentType(of: answerRoute, summary.mediaType))
        let completed = CompletedUsage(
            reported: summary.usage, vendorText: summary.usageText,
            estimatedInput: prepared?.estimatedInputTokens ?? 0,
            estimatedOutput: UsageEstimate.tokens(utf8Bytes: summary.contentBytes))
        closeAttempt(nil, isSuccess: true, completed: completed, candidate: candidate, now: now)
        var answer = Answer(head: head, body: wrapped(summary.body), closesConnection: false)
        let cost = share(
            answer, of: completed, from: candidate, whole: customerCost(of: completed, at: price(of: candidate)),
            actions: &actions)
        answer.head.dedup = twin.role
        conclusion = .answer(answer)
        record(
            .success, usage: completed, candidate: candidate, httpStatus: 200, error: nil, cost: cost, now: now,
            actions: &actions)
    }

    /// What the vendor said of its bytes goes on where they do.
    private func contentType(of route: AnswerRoute, _ mediaType: String?) -> AnswerHead.ContentType {
        if let mediaType { return .other(mediaType) }
        guard case .operation(let request) = route, request.answerFormat == .bytes else { return .json }
        return .other(attempt?.otherContentType ?? "application/octet-stream")
    }

    /// The answer as the client wants it: one that asked for its stream as an array gets the whole answer in one.
    private func wrapped(_ answer: ByteBuffer) -> ByteBuffer {
        guard head?.detail?.path?.isAnswerArray == true else { return answer }
        var array = ByteBuffer()
        array.reserveCapacity(answer.readableBytes &+ 2)
        array.writeStaticString("[")
        array.writeImmutableBuffer(answer)
        array.writeStaticString("]")
        return array
    }

    /// An upstream's 4xx or 5xx with its body.
    private mutating func finishError(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        guard let attempt else { return }
        releaseUpstream(&actions)
        let said = UpstreamErrorReader.read(collected ?? ByteBuffer(), index: &workspace.index)
        let retryAfter = attempt.retryAfterSeconds ?? said.retryAfterSeconds
        let failure =
            FailureClass.of(status: attempt.httpStatus, retryAfterSeconds: retryAfter) ?? .invalidResponse
        route.lastFailure = GatewayError(
            upstreamStatus: attempt.httpStatus, said: said, retryAfterSeconds: retryAfter,
            mask: snapshot.secrets)
        if stream.isHeadSent, stream.isEventForwarded {
            return breakStream(failure, now: now, actions: &actions)
        }
        endAttempt(failure, now: now, workspace: workspace, actions: &actions)
    }
}
