/// Hashes of a history's first turn and its last, each by itself: the same wherever in a history the turn stands, so that a
/// conversation is known again whose first turns were dropped.
package struct HistoryEnds: Sendable, Equatable {
    private static let seed: UInt64 = 0x656E_6473_7475_726E

    package let first: UInt64
    package let last: UInt64

    /// nil: there is no turn before the current one.
    init?(_ blocks: [Block], hash: (_ messages: Range<Int>, _ seed: UInt64) -> UInt64) {
        guard let first = blocks.firstIndex(where: { $0.kind == .historyTurn }),
            let last = blocks.lastIndex(where: { $0.kind == .historyTurn })
        else { return nil }
        self.first = hash(blocks[first].messages, Self.seed)
        self.last = first == last ? self.first : hash(blocks[last].messages, Self.seed)
    }
}
