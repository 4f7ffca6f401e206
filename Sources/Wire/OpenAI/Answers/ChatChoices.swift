/// Which choices a text speaks of, by their `index`.
package struct ChatChoices: Sendable, Equatable {
    /// Bit i: choice i was spoken of.
    package private(set) var seen: UInt64 = 0
    /// Bit i: choice i has its finish reason.
    package private(set) var finished: UInt64 = 0
    /// A choice whose index is no number from 0 to 63 was spoken of: whether it finished is not followed.
    package private(set) var hasUncounted = false

    package init() {}

    /// Every choice seen has its finish reason, and there is one at least.
    package var areFinished: Bool { seen != 0 && seen == finished && !hasUncounted }

    /// Adds what another text of the same answer says.
    package mutating func merge(_ other: ChatChoices) {
        seen |= other.seen
        finished |= other.finished
        hasUncounted = hasUncounted || other.hasUncounted
    }

    /// - Parameters:
    ///   - index: as given; nil: none was, or no whole number.
    ///   - position: the choice's place in its array, which stands for an index that is missing.
    mutating func add(index: Int64?, position: Int, isFinished: Bool) {
        let number = index ?? Int64(position)
        guard number >= 0, number < 64 else {
            hasUncounted = true
            return
        }
        let bit: UInt64 = 1 << UInt64(number)
        seen |= bit
        if isFinished { finished |= bit }
    }
}
