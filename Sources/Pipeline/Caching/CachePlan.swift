/// What was decided about a request's cache marks, to be explained and counted.
package struct CachePlan: Sendable, Equatable {
    /// Where a mark stands.
    package enum Place: UInt8, Sendable {
        case tools
        case system
        case documents
        /// In the history, where it stays for many turns.
        case history
        /// Where the request before this one ended.
        case previousEnd
        /// Between there and the end, where a vendor looks back no further.
        case bridge
        case end
    }

    /// A mark of the gateway's.
    package struct Mark: Sendable, Equatable {
        package let place: Place
        package let isLong: Bool
        /// How long the vendor keeps what is not used.
        package let life: Duration
        /// Estimate of the prompt's tokens up to here.
        package let tokens: Int64
        /// What the tokens since the mark before are expected to save, in pico-USD; nil: prices are not known.
        package let expectedPicoUSD: Int64?
    }

    /// Why there are marks or none.
    package enum Outcome: UInt8, Sendable {
        /// Not a request that is marked, or the model's options leave it to the client.
        case leftAlone
        /// `cache: off`: what the client marked was taken out.
        case off
        /// The vendor caches by itself.
        case automatic
        case belowMinimum
        /// The client's own marks leave no room, or no place that keeps the order.
        case full
        /// Writing would cost more than reading is expected to save.
        case notWorth
        case marked
    }

    package var outcome: Outcome
    /// In the order of the prompt.
    package var marks: [Mark] = []
    /// The client's own that go out.
    package var clientMarks = 0
    /// The client's own that were taken out: too many for the vendor, or not wanted.
    package var droppedMarks = 0
    /// What the marks are expected to save beyond what would be saved without them, in nano-USD, rounded down; nil:
    /// prices are not known. Never negative.
    package var expectedNanoUSD: Int64?
    /// The key that was set for the client.
    package var key: String?

    package init(outcome: Outcome) {
        self.outcome = outcome
    }

    /// Nothing was asked.
    package static let leftAlone = CachePlan(outcome: .leftAlone)
}
