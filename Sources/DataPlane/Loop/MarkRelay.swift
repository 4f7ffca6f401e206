import Gateway
import NIOCore
import Routing

/// Carries one event loop's questions to the other instances and their answers back. Nothing on the loop waits for it.
struct MarkRelay {
    let marks: any InFlightMarks
    let eventLoop: any EventLoop

    /// What a dead instance held is free again after it (contract, section 6: `dedup:inflight:{hash}`).
    private static let lifetime = Duration.seconds(120)

    /// Claims a request's mark or, where another instance holds it, waits for its answer; the driver is told in any case.
    func claim(_ request: TwinRequest, waitNanoseconds: Int64, for driver: ExchangeDriver) {
        let box = NIOLoopBound(driver, eventLoop: eventLoop)
        let (marks, eventLoop) = (marks, eventLoop)
        Task {
            let news = await Self.news(of: request.name, from: marks, limit: .nanoseconds(waitNanoseconds))
            eventLoop.execute { box.value.received(news) }
        }
    }

    private static func news(
        of request: InFlightRequest, from marks: any InFlightMarks, limit: Duration
    ) async -> MarkNews {
        switch await marks.claim(request, lifetime: lifetime) {
        case .claimed(let mark): return .holds(mark)
        case .unavailable: return .free
        case .held(let mark):
            switch await marks.outcome(of: mark, limit: limit) {
            case .answered(let bytes): return TwinAnswer(bytes: bytes).map { .answered($0) } ?? .free
            case .released, .unavailable: return .free
            case .timedOut: return .timedOut
            }
        }
    }

    /// Gives the answer to those who wait elsewhere; one too long to be carried frees them instead.
    func publish(_ answer: TwinAnswer, for mark: InFlightMark) {
        let marks = marks
        Task {
            let bytes = answer.bytes
            if bytes.count <= marks.maximumAnswerBytes {
                await marks.publish(bytes, for: mark)
            } else {
                await marks.release(mark)
            }
        }
    }

    func release(_ mark: InFlightMark) {
        let marks = marks
        Task { await marks.release(mark) }
    }
}
