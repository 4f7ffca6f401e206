/// Marks of requests under way, shared by the instances of one gateway: an instance that holds a mark lets the others have
/// its answer, so that one call to a vendor serves twins everywhere.
///
/// ```
/// one instance   claim ─▶ claimed ── calls the vendor ──▶ publish, or release
/// another        claim ─▶ held ───▶ outcome ────────────▶ answered, or released
/// ```
/// Neither money nor limits hang on it. Where it does not answer, everybody calls for themselves, so nothing here throws:
/// what fails is said by `unavailable`, or forgotten. `claim`, `publish` and `release` return within a second or two, come what
/// may; `outcome` within its limit.
package protocol InFlightMarks: Sendable {
    /// The longest answer that is carried; a longer one is not published but released.
    var maximumAnswerBytes: Int { get }

    /// Marks the request as this instance's unless it is marked already.
    ///
    /// The mark lapses by itself after `lifetime`: what a dead instance held is free again then.
    func claim(_ request: InFlightRequest, lifetime: Duration) async -> InFlightClaim

    /// Waits for what becomes of a mark that another holds.
    ///
    /// Also answers what became of it shortly before (ten seconds at least), for the other may be done between `claim` and
    /// this call. A cancelled task returns early, with whatever.
    func outcome(of mark: InFlightMark, limit: Duration) async -> InFlightOutcome

    /// Gives the answer to all who wait for the mark, and ends the mark: who claims after that claims anew, and never gets
    /// this answer. Without effect where the mark has lapsed.
    func publish(_ answer: [UInt8], for mark: InFlightMark) async

    /// Ends the mark without an answer: all who wait are freed. Without effect where the mark has lapsed, whoever holds the
    /// request now.
    func release(_ mark: InFlightMark) async
}

/// A request as the instances name it: two are one exactly if their names are equal.
package struct InFlightRequest: Sendable, Hashable {
    /// 64 lower-case hexadecimal digits of SHA-256 over everything that makes an answer this request's: its tenant, what it
    /// asks for, its words, how they are read. In Redis the mark's key is `dedup:inflight:` and this.
    package let name: String

    /// - Parameter name: 64 lower-case hexadecimal digits.
    package init(name: String) {
        self.name = name
    }
}

/// One holding of a request's mark: a request that is claimed again later is another mark.
package struct InFlightMark: Sendable, Hashable {
    package let request: InFlightRequest
    /// Drawn at random by whoever keeps the marks when the mark was claimed; tells a holder from the next one.
    package let owner: UInt64

    package init(request: InFlightRequest, owner: UInt64) {
        self.request = request
        self.owner = owner
    }
}

/// What a claim came to.
package enum InFlightClaim: Sendable, Equatable {
    /// This instance holds the mark now, and is to `publish` or `release` it.
    case claimed(InFlightMark)
    /// Another holds it.
    case held(InFlightMark)
    /// The marks cannot be reached.
    case unavailable
}

/// What became of another's mark.
package enum InFlightOutcome: Sendable, Equatable {
    /// As it was published.
    case answered([UInt8])
    /// It was released, or lapsed.
    case released
    /// The limit is over; the other is still at it for all that is known.
    case timedOut
    /// The marks cannot be reached any more.
    case unavailable
}
