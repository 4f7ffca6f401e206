import Gateway
import Identity
import NIOCore
import NIOHPACK
import NIOHTTP2
import Pipeline
import Routing
import Settings

/// One request on a client's HTTP/2 connection. Confined to its event loop.
final class HTTP2StreamHandler: ChannelInboundHandler, ClientConnection {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    /// How long a body may pause between two reads.
    private static let stallNanoseconds: Int64 = 30_000_000_000
    /// How long a broken stream's last bytes may wait for the client's flow control.
    private static let lingerNanoseconds: Int64 = 2_000_000_000

    private let loop: DataLoop
    private var context: ChannelHandlerContext?
    private var driver: ExchangeDriver?
    private var body = ByteBuffer()
    private var isHead = false
    private var isWhole = false
    private var isDone = false
    /// The answer broke off; the reset follows once its last bytes have left.
    private var isBroken = false
    private var streamBuffer: ByteBuffer?
    /// The end of an answer behind which the stream is to be reset.
    private var endWritten: EventLoopFuture<Void>?
    private var lastActivity: Int64
    var listIndex = -1

    init(loop: DataLoop) {
        self.loop = loop
        lastActivity = loop.now
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        gone()
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func gone() {
        guard context != nil else { return }
        context = nil
        loop.remove(self)
        let driver = driver
        self.driver = nil
        driver?.clientGone()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        driver?.clientWritabilityChanged(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastActivity = loop.now
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            if driver == nil, !isDone { begin(frame.headers) }
            if frame.endStream { end() }
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data { collect(bytes) }
            if frame.endStream { end() }
        default: break
        }
    }

    // MARK: Reading

    private func begin(_ headers: HPACKHeaders) {
        let target = headers.first(name: ":path") ?? "/"
        let path = String(target.prefix { $0 != "?" })
        isHead = headers.first(name: ":method") == "HEAD"
        let endpoint = Array(path.utf8).withUnsafeBytes { Endpoint.of(path: $0) }
        if endpoint == .health || endpoint == .ready { return answerProbe(endpoint) }
        let driver = loop.makeDriver(client: self)
        self.driver = driver
        let head = RequestHead(
            endpoint: endpoint, isPost: headers.first(name: ":method") == "POST", path: String(path.prefix(256)),
            credential: headers.credential,
            clientRequestID: headers.first(name: "x-request-id").map { String($0.prefix(128)) },
            clientAddress: clientAddress(headers), session: headers.first(name: "x-tokenrouter-session").map { StableHash.of($0) },
            detail: detail(headers, endpoint, path: path, target: target))
        guard !loop.shared.isDraining else { return driver.handle(.turnedAway(.draining, head)) }
        guard loop.shared.enter() else { return driver.handle(.turnedAway(.overloaded, head)) }
        driver.isCounted = true
        driver.handle(.head(head))
    }

    private func detail(
        _ headers: HPACKHeaders, _ endpoint: Endpoint, path: String, target: String
    ) -> RequestDetail? {
        let vendorHeaders = ClientHeaders(
            anthropicVersion: headers.first(name: "anthropic-version"), anthropicBeta: headers.joined("anthropic-beta"),
            openAIBeta: headers.joined("openai-beta"))
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init)
        return Array(path.utf8).withUnsafeBytes { bytes in
            RequestDetail.of(
                endpoint: endpoint, path: bytes, query: { query },
                contentType: { headers.first(name: "content-type") },
                headers: vendorHeaders == ClientHeaders() ? nil : vendorHeaders,
                hasGoogleKey: headers.contains(name: "x-goog-api-key"))
        }
    }

    private func clientAddress(_ headers: HPACKHeaders) -> String? {
        guard let peer = context?.channel.parent?.remoteAddress?.ipAddress else { return nil }
        let trusted = loop.shared.trustedProxies
        guard !trusted.isEmpty, let forwarded = headers.first(name: "x-forwarded-for") else { return peer }
        return ForwardedFor.client(peer: peer, header: forwarded, trusted: trusted)
    }

    private func collect(_ bytes: ByteBuffer) {
        guard let driver, !driver.isFinished else { return }
        let limit = loop.shared.server.maxRequestBytes
        guard body.readableBytes + bytes.readableBytes <= limit else {
            driver.handle(.requestFailed(.bodyTooLarge(limitBytes: limit)))
            return
        }
        body.writeImmutableBuffer(bytes)
    }

    private func end() {
        guard !isWhole else { return }
        isWhole = true
        let whole = body
        body = ByteBuffer()
        driver?.handle(.body(whole))
    }

    private func answerProbe(_ endpoint: Endpoint) {
        isDone = true
        guard endpoint == .ready else { return sendProbe(isGood: true) }
        let box = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let eventLoop = loop.eventLoop
        let isReady = loop.shared.isReady
        let isDraining = loop.shared.isDraining
        Task {
            let isGood = await isReady() && !isDraining
            eventLoop.execute { box.value.sendProbe(isGood: isGood) }
        }
    }

    private func sendProbe(isGood: Bool) {
        let text: StaticString = isGood ? "{\"status\":\"ok\"}" : "{\"status\":\"not ready\"}"
        let headers: HPACKHeaders = [":status": isGood ? "200" : "503", "content-type": "application/json"]
        write(headers, ends: false)
        write(ByteBuffer(staticString: text), ends: true)
        context?.flush()
    }

    // MARK: Answering

    func send(_ answer: Answer, labels: [CandidateLabel]) {
        let length = answer.body.readableBytes
        var headers = headers(of: answer.head, labels: labels)
        headers.add(name: "content-length", value: String(length))
        write(headers, ends: isHead)
        if !isHead { write(answer.body, ends: true, isFollowedByReset: !isWhole) }
        context?.flush()
    }

    func sendStreamHead(_ head: AnswerHead, labels: [CandidateLabel]) {
        write(headers(of: head, labels: labels), ends: false)
    }

    func sendStream(_ bytes: ByteBuffer) {
        if streamBuffer == nil {
            streamBuffer = bytes
        } else {
            streamBuffer?.writeImmutableBuffer(bytes)
        }
    }

    func flushStream() {
        guard let bytes = streamBuffer else { return }
        streamBuffer = nil
        write(bytes, ends: false)
        context?.flush()
    }

    func endStream(isClean: Bool) {
        let bytes = streamBuffer ?? ByteBuffer()
        streamBuffer = nil
        write(bytes, ends: isClean, isFollowedByReset: !isClean)
        context?.flush()
        guard !isClean else { return }
        isBroken = true
        lastActivity = loop.now
        reset(.internalError)
    }

    private func headers(of head: AnswerHead, labels: [CandidateLabel]) -> HPACKHeaders {
        var sink = HTTP2FieldSink(headers: [":status": String(head.status)])
        AnswerFields.write(head, labels: labels, to: &sink)
        return sink.headers
    }

    private func write(_ headers: HPACKHeaders, ends: Bool) {
        context?.write(wrapOutboundOut(.headers(.init(headers: headers, endStream: ends))), promise: nil)
    }

    private func write(_ bytes: ByteBuffer, ends: Bool, isFollowedByReset: Bool = false) {
        guard let context else { return }
        let promise = isFollowedByReset ? context.eventLoop.makePromise(of: Void.self) : nil
        if let promise { endWritten = promise.futureResult }
        context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(bytes), endStream: ends))), promise: promise)
    }

    /// Resets the stream once its last bytes have left: a reset throws away what flow control still holds back.
    private func reset(_ code: HTTP2ErrorCode) {
        guard let endWritten else { return sendReset(code) }
        self.endWritten = nil
        endWritten.assumeIsolated().whenComplete { _ in self.sendReset(code) }
    }

    private func sendReset(_ code: HTTP2ErrorCode) {
        context?.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: nil)
    }

    func exchangeFinished() {
        driver = nil
        isDone = true
        // The rest of the request is of no use: the client may stop sending it (RFC 9113, 8.1).
        if !isWhole { reset(.noError) }
    }

    // MARK: Time

    func sweep(nowNanoseconds now: Int64, isDraining: Bool) {
        let quiet = now &- lastActivity
        if !isWhole, quiet > Self.stallNanoseconds { closeNow() }
        if isBroken, quiet > Self.lingerNanoseconds { closeNow() }
    }

    func closeNow() {
        context?.close(promise: nil)
    }
}

extension HPACKHeaders {
    /// The key, wherever it stands; two different ones are a conflict.
    fileprivate var credential: Credential {
        var digests: [KeyDigest] = []
        for value in self["authorization"] {
            Array(value.utf8).withUnsafeBytes { bytes in
                if let token = BearerToken.token(in: bytes) { digests.append(KeyDigest(ofKey: token)) }
            }
        }
        for name in ["x-api-key", "x-goog-api-key"] {
            for value in self[name] where !value.isEmpty { digests.append(KeyDigest(ofKey: value.utf8)) }
        }
        if let key = googleQueryKey { digests.append(KeyDigest(ofKey: key.utf8)) }
        guard let first = digests.first else { return .none }
        return digests.allSatisfy { $0 == first } ? .key(first) : .conflicting
    }

    /// `?key=` of Gemini's paths; nil: there is none, or the path is another form's.
    private var googleQueryKey: String? {
        guard let target = first(name: ":path"), let mark = target.firstIndex(of: "?") else { return nil }
        let path = Array(target[..<mark].utf8)
        let isGoogle = target.hasPrefix("/v1beta/") || path.withUnsafeBytes { GeminiPath($0) != nil }
        return isGoogle ? QueryKey.key(in: String(target[target.index(after: mark)...])) : nil
    }

    /// All values of the field in their order, commas between them; nil: there is none.
    fileprivate func joined(_ name: String) -> String? {
        let values = self[name]
        return values.isEmpty ? nil : values.joined(separator: ",")
    }
}
