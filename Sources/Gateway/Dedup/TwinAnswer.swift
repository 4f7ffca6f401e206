package import Metering
internal import NIOCore
internal import Pipeline
package import Routing

/// Where a twin's answer, or its failure, came from.
package struct TwinOrigin: Sendable, Equatable {
    var provider: String
    var upstreamModel: String
    /// What the metrics and the answer's head call it.
    var label: CandidateLabel
}

/// A whole answer as all who asked for it get it. Immutable, and its bytes are in memory once, however many that are.
package final class TwinAnswer: Sendable {
    let origin: TwinOrigin
    let contentType: AnswerHead.ContentType
    let fidelity: FidelityReport
    /// nil: the vendor said nothing of them, or another instance asked it.
    let vendorLimits: VendorLimits?
    let completed: CompletedUsage
    let body: ByteBuffer

    init(
        origin: TwinOrigin, contentType: AnswerHead.ContentType, fidelity: FidelityReport, vendorLimits: VendorLimits?,
        completed: CompletedUsage, body: ByteBuffer
    ) {
        self.origin = origin
        self.contentType = contentType
        self.fidelity = fidelity
        self.vendorLimits = vendorLimits
        self.completed = completed
        self.body = body
    }
}

/// What an exchange hears of its twins.
package enum TwinNews: Sendable {
    /// The leader has its answer. `cost` is the part to be paid of its price; nil: what it would have cost alone.
    case answered(TwinAnswer, cost: NanoUSD?)
    /// The vendor refused the request itself, as it would again.
    case refused(GatewayError, TwinOrigin)
    /// The leader failed, and this exchange leads those who still wait.
    case lead
    /// The leader failed, and nobody leads any more.
    case alone
    /// To a leader whose client has left: nobody waits any more.
    case deserted
}

/// What other instances tell of a call.
package enum MarkNews: Sendable {
    /// It is this instance's, which may call.
    case holds(InFlightMark)
    /// Another made it, and this is its answer.
    case answered(TwinAnswer)
    /// Nobody makes it, or nobody can be asked.
    case free
    /// Another has been at it for as long as one waits.
    case timedOut
}

/// What is counted of twins.
package enum TwinCount: Sendable, Equatable {
    /// A request was answered from its twin's answer.
    case hit
    /// A request waited for its twin as long as one waits, and went alone.
    case waitTimeout
}

/// How an exchange came by its answer (`x-tokenrouter-dedup`).
package enum TwinRole: String, Sendable {
    /// It made the call, and others were given the answer.
    case leader
    /// It was given a twin's answer.
    case follower
}
