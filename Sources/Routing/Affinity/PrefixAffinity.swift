/// Where prompts' prefixes are warm, and which slot a call should go to for it: longest known prefix within bounded
/// load.
///
/// Prompts come as two arrays of equal length, an element a block: `chain[i]` is a hash over blocks 0 to i, `tokens[i]`
/// their tokens together, rising; what one has more than the other is passed over. Of a prompt the first `maximumDepth`
/// blocks count that reach the minimum: who shares so many is in the same conversation. A prompt below the minimum counts as a
/// whole only: the one that goes on from it finds it, those that share its instructions do not.
///
/// Memory is fixed: `capacity` entries of 16 bytes, one per prefix and slot; a look-up allocates nothing (with more
/// than 256 slots, one buffer) and asks for some logarithm of the prompt's blocks per slot. Not synchronised: whoever
/// shares it holds a lock around each call.
package struct PrefixAffinity: Sendable {
    /// Blocks of one prompt that are looked at and remembered.
    package static let maximumDepth = 256
    /// Ends of shorter prompts that are looked for where nothing longer is warm.
    private static let maximumShortEnds = 16
    /// A short prompt is gone on from by one that is no more than so many times as long.
    private static let maximumGrowth: Int64 = 4

    package let parameters: PrefixAffinityParameters
    private var table: WarmPrefixTable

    package init(_ parameters: PrefixAffinityParameters = PrefixAffinityParameters()) {
        self.parameters = parameters
        table = WarmPrefixTable(capacity: parameters.capacity)
    }

    /// Of the table, in use or not.
    package var byteCount: Int { table.capacity * WarmPrefixTable.bytesPerEntry }

    /// Notes that a slot has the prompt in its cache; call it once the answer has begun.
    ///
    /// - Parameters:
    ///   - slot: its identity.
    ///   - nowNanoseconds: of a clock that all calls share and whose zero is at most 136 years ago.
    ///   - ttlNanoseconds: how long the vendor keeps what nobody asks for; below a second: it is not noted.
    package mutating func record(
        chain: [UInt64], tokens: [Int64], slot: UInt64, nowNanoseconds: Int64, ttlNanoseconds: Int64
    ) {
        let (end, overflow) = nowNanoseconds.addingReportingOverflow(max(0, ttlNanoseconds))
        let expiry = Self.seconds(overflow ? .max : end)
        let now = Self.seconds(nowNanoseconds)
        guard expiry > now else { return }
        let prompt = prompt(chain, tokens)
        let slot = StableHash.mix(slot)
        table.beginRecord()
        let noted = prompt.worthwhile.isEmpty ? max(0, prompt.count - 1)..<prompt.count : prompt.worthwhile
        for index in noted {
            table.keep(WarmPrefixTable.key(prefix: chain[index], slot: slot), untilSeconds: expiry, nowSeconds: now)
        }
    }

    /// Tokens of the prompt that are known to be warm in a slot; 0: none, or too few to matter.
    ///
    /// - Parameter slot: its identity.
    package func warmth(chain: [UInt64], tokens: [Int64], slot: UInt64, nowNanoseconds: Int64) -> Int64 {
        let prompt = prompt(chain, tokens)
        let depth = warmDepth(prompt, chain, slot: slot, nowSeconds: Self.seconds(nowNanoseconds))
        return depth > 0 ? tokens[depth - 1] : 0
    }

    /// The slot for a prompt; nil: none is available.
    ///
    /// 1. Slots that are not available are out; those of weight 0 too, while there are others.
    /// 2. Of the rest the one with the longest warm prefix, unless it is overloaded (`SlotLoads`): then the next
    ///    longest.
    /// 3. Between slots equally warm, all of them cold for instance: bounded-load rendezvous hashing. Each block
    ///    sequence has its own order of the slots, the same in every instance; the first in it that has no more than
    ///    its share of recent work takes the call, or the least loaded. The order is that of the first blocks of at
    ///    least `stretchTokens`; where a longer prefix is warm, that of the first block behind it, which tells the
    ///    conversations apart that begin alike.
    package func choose(
        chain: [UInt64], tokens: [Int64], slots: [CacheSlot], nowNanoseconds: Int64
    ) -> PrefixChoice? {
        guard !slots.isEmpty else { return nil }
        let prompt = prompt(chain, tokens)
        let now = Self.seconds(nowNanoseconds)
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: slots.count) { depths in
            let loads = SlotLoads(slots, parameters: parameters, nowNanoseconds: nowNanoseconds)
            var longest: Int32 = 0
            for (index, slot) in slots.enumerated() {
                var depth: Int32 = loads.isCandidate(slot) ? 0 : -1
                if depth == 0, prompt.count > 0, !loads.isOverloaded(slot) {
                    depth = Int32(clamping: warmDepth(prompt, chain, slot: slot.identity, nowSeconds: now))
                }
                depths.initializeElement(at: index, to: depth)
                longest = max(longest, depth)
            }
            let order = longest > 0 ? chain[min(Int(longest), prompt.count - 1)] : stretch(prompt, chain, tokens)
            var best: (rank: SlotRank, index: Int)?
            for (index, slot) in slots.enumerated() where depths[index] == longest {
                let rank = SlotRank(slot, order: order, loads: loads)
                if let best, !(rank < best.rank) { continue }
                best = (rank, index)
            }
            return best.map { PrefixChoice(index: $0.index, warmTokens: longest > 0 ? tokens[Int(longest) - 1] : 0) }
        }
    }

    /// The part of a prompt that counts.
    private struct Prompt {
        /// Blocks that have both a hash and a number of tokens.
        let count: Int
        /// Blocks whose prefix is long enough to be cached.
        let worthwhile: Range<Int>
        /// Blocks before them where a shorter prompt may have ended that this one goes on from.
        let shortEnds: Range<Int>
    }

    private func prompt(_ chain: [UInt64], _ tokens: [Int64]) -> Prompt {
        let count = min(chain.count, tokens.count)
        let first = tokens.prefix(count).firstIndex { $0 >= parameters.minimumTokens } ?? count
        let least = (tokens.prefix(count).last ?? 0) / Self.maximumGrowth
        let shortest = tokens.prefix(first).firstIndex { $0 >= least } ?? first
        return Prompt(
            count: count, worthwhile: first..<min(count, first + Self.maximumDepth),
            shortEnds: max(shortest, first - Self.maximumShortEnds)..<first)
    }

    /// The blocks a slot has warm, from the first of the prompt; 0: none that matter.
    ///
    /// Most often all but the newest are warm, or none: so it steps back from the end in doubling strides, then halves
    /// the last stride. A gap, left where the table forgot, may make the answer too small, never too large.
    private func warmDepth(_ prompt: Prompt, _ chain: [UInt64], slot: UInt64, nowSeconds: UInt32) -> Int {
        let slot = StableHash.mix(slot)
        func isWarm(_ index: Int) -> Bool {
            table.isWarm(WarmPrefixTable.key(prefix: chain[index], slot: slot), nowSeconds: nowSeconds)
        }
        guard var warm = prompt.worthwhile.first, isWarm(warm) else {
            return prompt.shortEnds.last(where: isWarm).map { $0 + 1 } ?? 0
        }
        var cold = prompt.worthwhile.upperBound
        var stride = 1
        while cold - stride > warm {
            if isWarm(cold - stride) {
                warm = cold - stride
                break
            }
            cold -= stride
            stride *= 2
        }
        while cold - warm > 1 {
            let middle = warm + (cold - warm) / 2
            if isWarm(middle) { warm = middle } else { cold = middle }
        }
        return warm + 1
    }

    /// What stands for the beginning of a prompt: its first blocks of some size together, or all of a smaller one.
    private func stretch(_ prompt: Prompt, _ chain: [UInt64], _ tokens: [Int64]) -> UInt64 {
        guard prompt.count > 0 else { return 0 }
        let index = tokens.prefix(prompt.count).firstIndex { $0 >= parameters.stretchTokens }
        return chain[index ?? prompt.count - 1]
    }

    private static func seconds(_ nanoseconds: Int64) -> UInt32 { UInt32(clamping: nanoseconds / 1_000_000_000) }
}
