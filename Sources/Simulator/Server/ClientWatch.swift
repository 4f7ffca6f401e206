import NIOCore
import Synchronization

/// The client closed its side before the answer was whole.
struct ClientLeft: Error {}

/// Knows whether the client of one connection is still there, and wakes a pause when it leaves.
final class ClientWatch: Sendable {
    private struct State {
        var hasLeft = false
        /// Ends the running pause; answers come one after another on a connection, so there is one at most.
        var wake: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    var hasLeft: Bool { state.withLock { $0.hasLeft } }

    func leave() {
        let wake = state.withLock { state in
            state.hasLeft = true
            return state.wake
        }
        wake?()
    }

    /// Waits so long, or until the client leaves or the task is cancelled.
    func pause(_ duration: Duration) async throws {
        guard duration > .zero else {
            if hasLeft { throw ClientLeft() }
            return
        }
        let sleep = Task { try await ContinuousClock().sleep(for: duration) }
        let isGone = state.withLock { state in
            state.wake = { sleep.cancel() }
            return state.hasLeft
        }
        defer { state.withLock { $0.wake = nil } }
        if isGone { sleep.cancel() }
        let result = await withTaskCancellationHandler {
            await sleep.result
        } onCancel: {
            sleep.cancel()
        }
        if hasLeft { throw ClientLeft() }
        try result.get()
    }
}

/// Sees the client's end of the connection. A client that only closes its sending side counts as gone: vendors' front
/// servers abort such an exchange too.
final class ClientWatchHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    let watch = ClientWatch()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            watch.leave()
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch.leave()
        context.fireChannelInactive()
    }
}
