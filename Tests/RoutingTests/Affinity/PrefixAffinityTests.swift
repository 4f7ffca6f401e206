import Routing
import Testing

@Suite struct PrefixAffinityTests {
    private static let second: Int64 = 1_000_000_000
    private static let minute = 60 * second

    /// Blocks of 512 tokens whose prefixes hash differently from the first one that differs.
    private func prompt(_ blocks: [Int]) -> (chain: [UInt64], tokens: [Int64]) {
        var hash: UInt64 = 1
        let chain = blocks.map { block in
            hash = StableHash.mix(hash ^ UInt64(truncatingIfNeeded: block))
            return hash
        }
        return (chain, blocks.indices.map { Int64($0 + 1) * 512 })
    }

    private func slots(_ count: Int) -> [CacheSlot] {
        (0..<count).map { CacheSlot(identity: StableHash.of("key-\($0)")) }
    }

    private func choose(
        _ affinity: PrefixAffinity, _ blocks: [Int], _ slots: [CacheSlot], at now: Int64 = 0
    ) -> PrefixChoice? {
        let prompt = prompt(blocks)
        return affinity.choose(chain: prompt.chain, tokens: prompt.tokens, slots: slots, nowNanoseconds: now)
    }

    private func record(
        _ affinity: inout PrefixAffinity, _ blocks: [Int], _ slot: CacheSlot, at now: Int64 = 0, ttl: Int64 = 5 * minute
    ) {
        let prompt = prompt(blocks)
        affinity.record(
            chain: prompt.chain, tokens: prompt.tokens, slot: slot.identity, nowNanoseconds: now, ttlNanoseconds: ttl)
    }

    private func warmth(_ affinity: PrefixAffinity, _ blocks: [Int], _ slot: CacheSlot, at now: Int64 = 0) -> Int64 {
        let prompt = prompt(blocks)
        return affinity.warmth(
            chain: prompt.chain, tokens: prompt.tokens, slot: slot.identity, nowNanoseconds: now)
    }

    @Test(arguments: 0..<4)
    func theNextTurnGoesWhereTheLastOneWent(place: Int) {
        var affinity = PrefixAffinity()
        let slots = slots(4)
        record(&affinity, [1, 2, 3], slots[place])
        #expect(choose(affinity, [1, 2, 3, 4, 5], slots) == PrefixChoice(index: place, warmTokens: 3 * 512))
    }

    @Test func theLongestPrefixWinsAndTheNextLongestStandsIn() {
        var affinity = PrefixAffinity()
        var slots = slots(4)
        record(&affinity, [1, 2, 3, 4], slots[2])
        record(&affinity, [1, 2, 3], slots[1])
        record(&affinity, [1, 2], slots[3])
        let turn = [1, 2, 3, 4, 5]
        #expect(choose(affinity, turn, slots) == PrefixChoice(index: 2, warmTokens: 2_048))
        slots[2].isAvailable = false
        #expect(choose(affinity, turn, slots) == PrefixChoice(index: 1, warmTokens: 1_536))
        slots[1].isAvailable = false
        #expect(choose(affinity, turn, slots) == PrefixChoice(index: 3, warmTokens: 1_024))
        slots[3].isAvailable = false
        #expect(choose(affinity, turn, slots) == PrefixChoice(index: 0, warmTokens: 0))
        slots[0].isAvailable = false
        #expect(choose(affinity, turn, slots) == nil)
        #expect(choose(affinity, turn, []) == nil)
    }

    /// Blocks of 100 tokens, as short conversations have them.
    private func short(_ blocks: [Int]) -> (chain: [UInt64], tokens: [Int64]) {
        let prompt = prompt(blocks)
        return (prompt.chain, prompt.tokens.map { $0 / 512 * 100 })
    }

    struct ShortPrompt: CustomTestStringConvertible {
        let testDescription: String
        let blocks: [Int]
        let warmTokens: Int64
    }

    @Test(arguments: [
        ShortPrompt(testDescription: "the next turn", blocks: [1, 2, 3, 4], warmTokens: 200),
        ShortPrompt(testDescription: "the same again", blocks: [1, 2], warmTokens: 200),
        ShortPrompt(testDescription: "a next turn past the minimum", blocks: [1, 2, 3, 4, 5, 6, 7, 8], warmTokens: 200),
        ShortPrompt(testDescription: "one with the same instructions", blocks: [1, 9], warmTokens: 0),
        ShortPrompt(testDescription: "one that is far longer", blocks: Array(1...12), warmTokens: 0),
    ])
    func ofAShortPromptOnlyTheWholeIsKnown(_ prompt: ShortPrompt) {
        var affinity = PrefixAffinity()
        let slots = slots(4)
        for slot in slots.indices {
            let first = short([1, 2])
            affinity = PrefixAffinity()
            affinity.record(
                chain: first.chain, tokens: first.tokens, slot: slots[slot].identity, nowNanoseconds: 0, ttlNanoseconds: 5 * Self.minute)
            let turn = short(prompt.blocks)
            let choice = affinity.choose(chain: turn.chain, tokens: turn.tokens, slots: slots, nowNanoseconds: 0)
            #expect(choice?.warmTokens == prompt.warmTokens)
            if prompt.warmTokens > 0 { #expect(choice?.index == slot) }
        }
    }

    @Test func warmthEndsWithTheVendorsLifetime() {
        var affinity = PrefixAffinity()
        let slot = slots(1)[0]
        record(&affinity, [1, 2], slot, at: Self.minute, ttl: 5 * Self.minute)
        #expect(warmth(affinity, [1, 2], slot, at: 6 * Self.minute - Self.second) == 1_024)
        #expect(warmth(affinity, [1, 2], slot, at: 6 * Self.minute) == 0)
        // Longer lifetimes stay though a shorter one is noted after them.
        record(&affinity, [1, 2], slot, at: Self.minute, ttl: 60 * Self.minute)
        record(&affinity, [1, 2], slot, at: 2 * Self.minute, ttl: 5 * Self.minute)
        #expect(warmth(affinity, [1, 2], slot, at: 30 * Self.minute) == 1_024)
    }

    @Test func aBeginningTooShortToBeCachedIsNotRemembered() {
        var affinity = PrefixAffinity()
        let slot = slots(1)[0]
        record(&affinity, [1, 2], slot)
        #expect(warmth(affinity, [1, 2, 3], slot) == 1_024)
        #expect(warmth(affinity, [1, 9, 3], slot) == 0, "the first block alone is below the minimum")
    }

    @Test func aSlotOfWeightZeroIsTheLastResort() {
        var affinity = PrefixAffinity()
        var slots = slots(2)
        slots[1].weight = 0
        record(&affinity, [1, 2, 3], slots[1])
        #expect(choose(affinity, [1, 2, 3], slots)?.index == 0)
        slots[0].isAvailable = false
        #expect(choose(affinity, [1, 2, 3], slots) == PrefixChoice(index: 1, warmTokens: 1_536))
    }

    /// Nobody else is there, so all the load is on its slot: that is no reason to leave it.
    @Test func aLoneSessionStaysWhereItIs() {
        var affinity = PrefixAffinity()
        var slots = slots(8)
        var places: Set<Int> = []
        for turn in 2..<60 {
            let now = Int64(turn) * 20 * Self.second
            let blocks = Array(0..<turn)
            guard let choice = choose(affinity, blocks, slots, at: now) else { break }
            places.insert(choice.index)
            slots[choice.index].recent.add(tokens: Int64(turn) * 512, nowNanoseconds: now)
            record(&affinity, blocks, slots[choice.index], at: now)
        }
        #expect(places.count == 1)
    }

    /// The loads are requests in flight, and recent ones of 1,000 tokens: of the warm slot, and of each of three others.
    @Test(
        arguments: [
            ("all idle", (0, 0), (0, 0), true),
            ("few at once, all of them here", (3, 500), (0, 0), true),
            ("a burst, but no more work than the others", (20, 100), (10, 100), true),
            ("much work, but quick with it", (10, 500), (10, 100), true),
            ("busy now and of late", (20, 200), (10, 100), false),
            ("as busy as all", (50, 100), (50, 100), true),
            ("slow: it has nearly all", (90, 100), (1, 100), false),
            ("slow, but the others are too", (90, 100), (40, 100), true),
        ] as [(String, (Int, Int), (Int, Int), Bool)])
    func aPrefixIsLeftForLoadAlone(name: String, warm: (Int, Int), others: (Int, Int), stays: Bool) {
        var affinity = PrefixAffinity()
        var slots = slots(4)
        record(&affinity, [1, 2, 3], slots[2])
        for place in slots.indices {
            let (inFlight, requests) = place == 2 ? warm : others
            slots[place].inFlight = inFlight
            for _ in 0..<requests { slots[place].recent.add(tokens: 1_000, nowNanoseconds: 0) }
        }
        #expect((choose(affinity, [1, 2, 3], slots)?.index == 2) == stays, "\(name)")
    }

    @Test func instancesThatShareNothingSpreadColdPromptsAlike() {
        let slots = slots(8)
        var counts = [Int](repeating: 0, count: 8)
        for conversation in 0..<4_000 {
            let one = choose(PrefixAffinity(Self.small), [conversation, 7, 8], slots)
            let other = choose(PrefixAffinity(Self.small), [conversation, 7, 8, 9, 10], slots.reversed())
            #expect(one.map { slots[$0.index].identity } == other.map { slots[7 - $0.index].identity })
            if let one { counts[one.index] += 1 }
        }
        #expect(counts.allSatisfy { (400...600).contains($0) }, "500 each is even: \(counts)")
    }

    @Test func coldPromptsGoToSlotsThatHaveNotHadTheirShare() {
        var slots = slots(4)
        for place in [0, 1, 3] {
            for _ in 0..<10 { slots[place].recent.add(tokens: 1_000, nowNanoseconds: 0) }
        }
        for conversation in 0..<50 {
            #expect(choose(PrefixAffinity(Self.small), [conversation, 1], slots)?.index == 2)
        }
        // Weight 30 is due most of the work.
        slots[0].weight = 30
        slots[2].isAvailable = false
        for conversation in 0..<50 {
            #expect(choose(PrefixAffinity(Self.small), [conversation, 1], slots)?.index == 0)
        }
    }

    /// The system prompt is warm everywhere; what tells the conversations apart is behind it.
    @Test func conversationsThatBeginAlikeSpreadAndInstancesAgree() {
        let slots = slots(4)
        var one = PrefixAffinity()
        var other = PrefixAffinity()
        for slot in slots {
            record(&one, [1, 2, 3, 4], slot)
            record(&other, [1, 2, 3, 5], slot)
        }
        var counts = [Int](repeating: 0, count: 4)
        for conversation in 100..<1_100 {
            let first = choose(one, [1, 2, 3, conversation], slots)
            let second = choose(other, [1, 2, 3, conversation, 50, 51], slots)
            #expect(first == second)
            if let first { counts[first.index] += 1 }
        }
        #expect(counts.allSatisfy { (190...310).contains($0) }, "250 each is even: \(counts)")
    }

    @Test func memoryStaysAsItIsAndTheNewestIsKept() {
        var affinity = PrefixAffinity(Self.small)
        let slot = slots(1)[0]
        let before = affinity.byteCount
        #expect(before == 1_024 * 16)
        for conversation in 0..<10_000 { record(&affinity, [conversation, 1, 2, 3], slot) }
        #expect(affinity.byteCount == before)
        // Three entries each: of the last hundred's three hundred few met in a bucket of eight.
        let kept = (9_900..<10_000).count { warmth(affinity, [$0, 1, 2, 3], slot) == 2_048 }
        #expect(kept >= 90, "got \(kept)")
        #expect((0..<5_000).count { warmth(affinity, [$0, 1, 2, 3], slot) > 0 } == 0)
    }

    /// Against every prefix looked up in turn.
    @Test(arguments: [901, 902, 903] as [UInt64])
    func warmthIsTheLongestRecordedPrefix(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var affinity = PrefixAffinity()
        let slots = slots(3)
        var known: Set<[UInt64]> = []
        for step in 0..<300 {
            let length = Int.random(in: 2...40, using: &generator)
            let blocks = (0..<length).map { _ in Int.random(in: 0...20, using: &generator) == 0 ? 1 : 0 }
            let place = Int.random(in: 0..<3, using: &generator)
            let chain = prompt(blocks).chain
            let expected = chain.indices.reversed().first { known.contains([UInt64(place), chain[$0]]) }
            #expect(
                warmth(affinity, blocks, slots[place]) == (expected.map { Int64($0 + 1) * 512 } ?? 0),
                "seed \(seed), step \(step)")
            record(&affinity, blocks, slots[place])
            for hash in chain.dropFirst() { known.insert([UInt64(place), hash]) }
        }
    }

    @Test func aVeryLongPromptCountsByItsBeginning() {
        var affinity = PrefixAffinity()
        let slot = slots(1)[0]
        let blocks = Array(0..<5_000)
        record(&affinity, blocks, slot)
        #expect(warmth(affinity, blocks, slot) == Int64(PrefixAffinity.maximumDepth + 1) * 512)
    }

    @Test func oddInputIsTaken() {
        var affinity = PrefixAffinity(Self.small)
        var slots = slots(3)
        slots[0].inFlight = .max
        slots[1].inFlight = .min
        slots[1].weight = .max
        slots[2].weight = .min
        for now in [Int64.min, -1, 0, .max] {
            for ttl in [Int64.min, 0, 1, .max] {
                affinity.record(chain: [1, 2, 3], tokens: [5_000], slot: 0, nowNanoseconds: now, ttlNanoseconds: ttl)
                affinity.record(chain: [], tokens: [1, 2], slot: 0, nowNanoseconds: now, ttlNanoseconds: ttl)
                affinity.record(
                    chain: [1, 2], tokens: [.max, .min], slot: .max, nowNanoseconds: now, ttlNanoseconds: ttl)
            }
            slots[1].recent.add(tokens: .max, nowNanoseconds: now)
            slots[2].recent.add(tokens: .min, nowNanoseconds: now)
            for chain in [[], [0], [1, 2, 3]] as [[UInt64]] {
                #expect(
                    affinity.choose(chain: chain, tokens: [.min, .max], slots: slots, nowNanoseconds: now) != nil)
                #expect(affinity.warmth(chain: chain, tokens: [], slot: 1, nowNanoseconds: now) == 0)
            }
        }
    }

    private static let small: PrefixAffinityParameters = {
        var parameters = PrefixAffinityParameters()
        parameters.capacity = 1_000
        return parameters
    }()
}
