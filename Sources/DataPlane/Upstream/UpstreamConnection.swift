import Gateway
import NIOCore
import Routing
import Telemetry

/// One HTTP/1.1 connection to an upstream: a request out, its answer in, then idle or closed. Confined to its event loop.
final class UpstreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// Its handshakes are under way; the pool hears of it only through the connect future.
        case connecting
        case idle
        /// Taken by a driver, nothing sent yet.
        case taken
        /// A request is out; its answer is not whole.
        case exchanging
        /// The answer is whole; the driver has not let go yet.
        case answered
        case closed
    }

    private unowned let pool: UpstreamPool
    private var context: ChannelHandlerContext?
    private var parser = HTTP1ResponseParser(limits: HTTP1Limits())
    private var inbox: ByteBuffer?
    private var driver: ExchangeDriver?
    private var phase = Phase.connecting
    private var isKeepAlive = true
    private var isReadingOff = false
    var idleSince: Int64 = 0

    init(pool: UpstreamPool) {
        self.pool = pool
    }

    var isUsable: Bool { phase == .idle && context?.channel.isActive == true }

    // MARK: For the pool and the driver

    /// The handshakes are done: from now on its end is reported to the pool.
    func established() {
        if phase == .connecting { phase = .idle }
    }

    func begin(for driver: ExchangeDriver) {
        self.driver = driver
        phase = .taken
    }

    func send(_ request: OutboundRequest) {
        guard let context, phase == .taken else { return }
        phase = .exchanging
        HTTP1RequestWriter.write(request, allocator: context.channel.allocator) { buffer in
            context.write(wrapOutboundOut(buffer), promise: nil)
        }
        context.flush()
    }

    /// Back to the pool if its message is whole and both sides keep it open; closed otherwise.
    func release() {
        driver = nil
        guard phase == .answered, isKeepAlive, inbox == nil, context?.channel.isActive == true else { return cancel() }
        phase = .idle
        parser = HTTP1ResponseParser(limits: HTTP1Limits())
        setReading(true)
        pool.returned(self)
    }

    /// Closes at once: nobody may read the rest of an answer that was given up.
    func cancel() {
        driver = nil
        context?.close(promise: nil)
    }

    /// False: the client reads slowly, so nothing is taken from the upstream.
    func setReading(_ isOn: Bool) {
        guard isReadingOff == isOn, let context else { return }
        isReadingOff = !isOn
        _ = try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch phase {
        case .exchanging: break
        case .connecting, .idle, .taken, .answered, .closed:
            // Bytes nobody asked for: the connection cannot be trusted with another request.
            isKeepAlive = false
            if phase == .idle { context.close(promise: nil) }
            return
        }
        if inbox == nil {
            inbox = bytes
        } else {
            inbox?.writeBuffer(&bytes)
        }
        read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        driver?.upstreamReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ended()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func ended() {
        guard phase != .closed else { return }
        let wasExchanging = phase == .exchanging || phase == .taken
        let driver = driver
        if wasExchanging {
            do throws(HTTP1Error) {
                if case .end? = try parser.connectionClosed() {
                    phase = .answered
                    driver?.handle(.upstreamEnd)
                    driver?.upstreamReadComplete()
                } else {
                    driver?.handle(.upstreamFailed(.reset))
                }
            } catch {
                driver?.handle(.upstreamFailed(.reset))
            }
        }
        let isCounted = phase != .connecting
        phase = .closed
        self.driver = nil
        context = nil
        inbox = nil
        if isCounted { pool.closed(self) }
    }

    // MARK: Reading

    private func read() {
        do throws(HTTP1Error) {
            while phase == .exchanging {
                var bytes = inbox ?? ByteBuffer()
                inbox = nil
                let event = try parser.next(&bytes)
                inbox = bytes.readableBytes > 0 ? bytes : nil
                switch event {
                case .needMore: return
                case .informational: break
                case .head(let head):
                    isKeepAlive = head.isKeepAlive
                    driver?.handle(.upstreamHead(UpstreamHead(head)))
                case .body(let part): driver?.handle(.upstreamBody(part))
                case .end:
                    phase = .answered
                    driver?.handle(.upstreamEnd)
                }
            }
        } catch {
            isKeepAlive = false
            let driver = driver
            driver?.handle(.upstreamFailed(.invalidResponse))
            context?.close(promise: nil)
        }
    }
}

extension UpstreamHead {
    init(_ head: HTTP1ResponseHead) {
        self.init(
            status: head.status, isEventStream: head.hasContentType("text/event-stream"),
            isEncoded: head.isContentEncoded, otherContentType: head.otherContentType)
        guard head.hasLimits || head.retryAfter != nil || head.retryAfterMilliseconds != nil else { return }
        let now = UTCTime.nowMicroseconds() / 1_000
        retryAfterSeconds = head.retryAfterSeconds(nowMilliseconds: now)
        if head.hasLimits { limits = VendorLimitFields.read(head, nowMilliseconds: now) }
    }
}
