import Gateway
import Identity
import NIOCore
import Routing
import Settings

/// One client's HTTP/1.1 connection: requests in, one at a time; answers out. Confined to its event loop.
final class HTTP1ClientHandler: ChannelInboundHandler, RemovableChannelHandler, ClientConnection {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Where the connection stands between two messages.
    private enum Phase {
        /// Waits for a request's first byte, or is within its head.
        case awaitingHead
        case readingBody
        /// The request is whole; its answer is being made.
        case answering
        /// The last answer went out and the output is closed; what still comes in is dropped.
        case lingering
        case closed
    }

    /// Bytes of a next request that may wait while one is answered; past it the socket is not read.
    private static let maximumPipelinedBytes = 64 * 1024
    /// A body's buffer begins no larger than this, whatever length was announced.
    private static let maximumInitialBodyBytes = 1 << 20
    /// How long a head may take from its first byte to its last, and a body between two reads.
    private static let stallNanoseconds: Int64 = 30_000_000_000
    private static let lingerNanoseconds: Int64 = 2_000_000_000

    private let loop: DataLoop
    private var context: ChannelHandlerContext?
    private var parser: HTTP1RequestParser
    private var inbox: ByteBuffer?
    private var phase = Phase.awaitingHead
    private var driver: ExchangeDriver?
    private var request: HTTP1RequestHead?
    private var body: ByteBuffer?
    private var bodyBytes = 0
    private var isKeepAlive = true
    private var isStreaming = false
    private var streamBuffer: ByteBuffer?
    private var isReadPaused = false
    /// When something last moved, for idle and stalled connections.
    private var lastActivity: Int64
    private var peerAddress: String?
    /// The connection's first bytes decide between HTTP/1.1 and HTTP/2; nil once they have.
    private var firstBytes: ByteBuffer? = ByteBuffer()
    /// When the head under way began; a head that drips in is cut off.
    private var headBegan: Int64?
    var listIndex = -1

    init(loop: DataLoop) {
        self.loop = loop
        parser = HTTP1RequestParser(limits: HTTP1Limits())
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
        guard phase != .closed else { return }
        phase = .closed
        loop.remove(self)
        let driver = driver
        self.driver = nil
        driver?.clientGone()
        context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .lingering, phase != .closed else { return }
        var bytes = unwrapInboundIn(data)
        lastActivity = loop.now
        if var first = firstBytes {
            first.writeBuffer(&bytes)
            guard let decided = decideVersion(first, context: context) else { return }
            bytes = decided
        }
        if inbox == nil {
            inbox = bytes
        } else {
            inbox?.writeBuffer(&bytes)
        }
        read()
    }

    /// The bytes where they are HTTP/1.1; nil where they are too few to tell, or HTTP/2, whose handlers have them now.
    private func decideVersion(_ bytes: ByteBuffer, context: ChannelHandlerContext) -> ByteBuffer? {
        switch HTTP2Pipeline.verdict(on: bytes) {
        case .http1:
            firstBytes = nil
            return bytes
        case .tooShort:
            firstBytes = bytes
            return nil
        case .http2:
            firstBytes = nil
            do {
                try HTTP2Pipeline.install(after: self, context: context, loop: loop)
            } catch {
                context.close(promise: nil)
                return nil
            }
            context.fireChannelRead(wrapInboundOut(bytes))
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            return nil
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        driver?.clientWritabilityChanged(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    // MARK: Reading

    /// Reads on until bytes run out or a request is whole.
    private func read() {
        do throws(HTTP1Error) {
            while phase == .awaitingHead || phase == .readingBody {
                var bytes = inbox ?? ByteBuffer()
                inbox = nil
                let event = try parser.next(&bytes)
                inbox = bytes.readableBytes > 0 ? bytes : nil
                switch event {
                case .needMore:
                    if phase == .awaitingHead, headBegan == nil { headBegan = lastActivity }
                    return
                case .head(let head):
                    headBegan = nil
                    begin(head)
                case .body(let part): collect(part)
                case .end: end()
                }
            }
            pauseIfFlooded()
        } catch {
            refuse(error)
        }
    }

    private func pauseIfFlooded() {
        guard phase == .answering, !isReadPaused, (inbox?.readableBytes ?? 0) > Self.maximumPipelinedBytes else { return }
        isReadPaused = true
        setReading(false)
    }

    private func setReading(_ isOn: Bool) {
        guard let context else { return }
        _ = try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
    }

    private func begin(_ head: HTTP1RequestHead) {
        request = head
        isKeepAlive = head.isKeepAlive
        body = nil
        bodyBytes = 0
        phase = .readingBody
        let endpoint = head.withPathBytes { Endpoint.of(path: $0) }
        if endpoint == .health || endpoint == .ready {
            return answerProbe(endpoint)
        }
        let driver = loop.makeDriver(client: self)
        self.driver = driver
        guard !loop.shared.isDraining else { return driver.handle(.turnedAway(.draining, requestHead(head, endpoint))) }
        guard loop.shared.enter() else { return driver.handle(.turnedAway(.overloaded, requestHead(head, endpoint))) }
        driver.isCounted = true
        driver.handle(.head(requestHead(head, endpoint)))
        guard phase == .readingBody, self.driver != nil else { return }
        prepareBody(head)
    }

    private func prepareBody(_ head: HTTP1RequestHead) {
        if case .length(let length) = head.body {
            let limit = loop.shared.server.maxRequestBytes
            guard length <= limit else {
                driver?.handle(.requestFailed(.bodyTooLarge(limitBytes: limit)))
                return
            }
            if length > (inbox?.readableBytes ?? 0), let context {
                body = context.channel.allocator.buffer(capacity: min(length, Self.maximumInitialBodyBytes))
            }
        }
        if head.expectsContinue, inbox == nil, let context {
            var line = context.channel.allocator.buffer(capacity: 32)
            line.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(line), promise: nil)
        }
    }

    private func requestHead(_ head: HTTP1RequestHead, _ endpoint: Endpoint) -> RequestHead {
        RequestHead(
            endpoint: endpoint, isPost: head.method == .post,
            path: endpoint == .chatCompletions ? "/v1/chat/completions" : head.shortPath, credential: head.credential,
            clientRequestID: head.requestID.map { String(head.string($0).prefix(128)) },
            clientAddress: clientAddress(head), session: head.session.map { StableHash.of(head.string($0)) }, detail: head.detail(endpoint))
    }

    /// The peer's address, or what a trusted proxy says of it.
    private func clientAddress(_ head: HTTP1RequestHead) -> String? {
        if peerAddress == nil { peerAddress = context?.channel.remoteAddress?.ipAddress ?? "" }
        guard let peer = peerAddress else { return nil }
        let trusted = loop.shared.trustedProxies
        guard !trusted.isEmpty, let forwarded = head.forwardedFor else { return peer }
        return ForwardedFor.client(peer: peer, header: head.string(forwarded), trusted: trusted)
    }

    private func collect(_ part: ByteBuffer) {
        guard let driver, !driver.isFinished else { return }
        bodyBytes += part.readableBytes
        let limit = loop.shared.server.maxRequestBytes
        guard bodyBytes <= limit else {
            driver.handle(.requestFailed(.bodyTooLarge(limitBytes: limit)))
            return
        }
        guard var whole = body else {
            body = part
            return
        }
        body = nil
        whole.writeImmutableBuffer(part)
        body = whole
    }

    private func end() {
        guard phase == .readingBody else { return }
        guard let driver else {
            phase = .awaitingHead
            return
        }
        phase = .answering
        let whole = body ?? ByteBuffer()
        body = nil
        driver.handle(.body(whole))
    }

    /// The bytes are not HTTP as this gateway speaks it: say so and close.
    private func refuse(_ error: HTTP1Error) {
        isKeepAlive = false
        inbox = nil
        if let driver, !driver.isFinished {
            driver.handle(
                .requestFailed(
                    GatewayError(
                        status: error.status, type: .invalidRequest, code: "invalid_request_error",
                        message: "The HTTP message is malformed: \(error.reason).")))
            return
        }
        let driver = loop.makeDriver(client: self)
        self.driver = driver
        driver.handle(
            .requestFailed(
                GatewayError(
                    status: error.status, type: .invalidRequest, code: "invalid_request_error",
                    message: "The HTTP message is malformed: \(error.reason).")))
    }

    // MARK: Answering

    private func answerProbe(_ endpoint: Endpoint) {
        guard endpoint == .ready else { return sendProbe(isGood: true) }
        phase = .answering
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
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: 192)
        HTTP1Writer.writeStatusLine(isGood ? 200 : 503, to: &buffer)
        buffer.writeStaticString("content-type: application/json\r\n")
        if !isKeepAlive { buffer.writeStaticString("connection: close\r\n") }
        if isGood {
            buffer.writeStaticString("content-length: 15\r\n\r\n{\"status\":\"ok\"}")
        } else {
            buffer.writeStaticString("retry-after: 1\r\ncontent-length: 22\r\n\r\n{\"status\":\"not ready\"}")
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        phase = .answering
        exchangeFinished()
    }

    func send(_ answer: Answer, labels: [CandidateLabel]) {
        guard let context else { return }
        if answer.closesConnection || loop.shared.isDraining { isKeepAlive = false }
        let length = answer.body.readableBytes
        let isSmall = length <= 16 * 1024
        var buffer = context.channel.allocator.buffer(capacity: 640 + (isSmall ? length : 0))
        HTTP1AnswerWriter.writeHead(
            answer.head, labels: labels, body: .length(length), isKeepAlive: isKeepAlive, to: &buffer)
        if request?.method == .head {
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            return
        }
        if isSmall {
            buffer.writeImmutableBuffer(answer.body)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        } else {
            context.write(wrapOutboundOut(buffer), promise: nil)
            context.writeAndFlush(wrapOutboundOut(answer.body), promise: nil)
        }
    }

    func sendStreamHead(_ head: AnswerHead, labels: [CandidateLabel]) {
        guard let context else { return }
        if loop.shared.isDraining || !speaksChunks { isKeepAlive = false }
        isStreaming = true
        var buffer = context.channel.allocator.buffer(capacity: 1024)
        HTTP1AnswerWriter.writeHead(
            head, labels: labels, body: speaksChunks ? .chunked : .untilClose, isKeepAlive: isKeepAlive, to: &buffer)
        context.write(wrapOutboundOut(buffer), promise: nil)
    }

    func sendStream(_ bytes: ByteBuffer) {
        if streamBuffer == nil {
            streamBuffer = bytes
        } else {
            streamBuffer?.writeImmutableBuffer(bytes)
        }
    }

    func flushStream() {
        guard isStreaming, let context, let bytes = streamBuffer else { return }
        streamBuffer = nil
        context.writeAndFlush(wrapOutboundOut(chunk(of: bytes, isLast: false)), promise: nil)
    }

    func endStream(isClean: Bool) {
        guard isStreaming, let context else { return }
        isStreaming = false
        if !isClean { isKeepAlive = false }
        let bytes = streamBuffer ?? ByteBuffer()
        streamBuffer = nil
        context.writeAndFlush(wrapOutboundOut(chunk(of: bytes, isLast: isClean)), promise: nil)
    }

    /// HTTP/1.0 knows no chunks: a stream ends with its connection.
    private var speaksChunks: Bool { request?.isVersion10 != true }

    /// One chunk around the bytes, and the last chunk behind it.
    private func chunk(of bytes: ByteBuffer, isLast: Bool) -> ByteBuffer {
        guard speaksChunks else { return bytes }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bytes.readableBytes + 32)
        if bytes.readableBytes > 0 {
            HTTP1Writer.writeChunkHeader(bytes.readableBytes, to: &buffer)
            buffer.writeImmutableBuffer(bytes)
            buffer.writeStaticString("\r\n")
        }
        if isLast { buffer.writeStaticString("0\r\n\r\n") }
        return buffer
    }

    func exchangeFinished() {
        driver = nil
        request = nil
        body = nil
        lastActivity = loop.now
        guard phase != .closed else { return }
        guard isKeepAlive, phase == .answering else { return linger() }
        phase = .awaitingHead
        if isReadPaused {
            isReadPaused = false
            setReading(true)
        }
        guard inbox != nil else { return }
        let box = NIOLoopBound(self, eventLoop: loop.eventLoop)
        loop.eventLoop.execute { box.value.readNext() }
    }

    /// A pipelined request's bytes are already here.
    private func readNext() {
        guard phase == .awaitingHead, inbox != nil else { return }
        read()
    }

    /// Closes the output and lets the client read its answer: closing with unread input would reset the connection.
    private func linger() {
        guard let context else { return }
        phase = .lingering
        inbox = nil
        if isReadPaused {
            isReadPaused = false
            setReading(true)
        }
        context.close(mode: .output, promise: nil)
    }

    // MARK: Time

    func sweep(nowNanoseconds now: Int64, isDraining: Bool) {
        let quiet = now &- lastActivity
        switch phase {
        case .awaitingHead where inbox == nil && firstBytes?.readableBytes ?? 0 == 0:
            if isDraining || quiet > loop.shared.server.idleTimeout.nanoseconds { closeNow() }
        case .awaitingHead, .readingBody:
            let isDripping = headBegan.map { now &- $0 > Self.stallNanoseconds } ?? false
            if isDripping || quiet > Self.stallNanoseconds { closeNow() }
        case .lingering:
            if quiet > Self.lingerNanoseconds { closeNow() }
        case .answering, .closed: break
        }
    }

    func closeNow() {
        context?.close(promise: nil)
    }
}
