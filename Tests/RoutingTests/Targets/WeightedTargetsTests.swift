import Routing
import Testing

@Suite struct WeightedTargetsTests {
    private func identities(_ names: String...) -> [UInt64] { names.map { StableHash.of($0) } }

    @Test func noTargetsGiveNone() {
        #expect(WeightedTargets(weights: []).index(random: 1) == nil)
        #expect(WeightedTargets(weights: []).stickyIndex(hash: 1) == nil)
    }

    @Test(arguments: [[1], [0], [5, 1, 0, 3], [-3, Int.min]])
    func eachTargetIsReachedOnceTheOthersAreOut(weights: [Int]) {
        let targets = WeightedTargets(weights: weights)
        for number in 0..<50 as Range<UInt64> {
            var tried: [Int] = []
            while let next = targets.index(random: number, isAvailable: { !tried.contains($0) }) { tried.append(next) }
            #expect(tried.sorted() == Array(weights.indices), "number \(number)")
        }
    }

    @Test(
        arguments: [([95, 5], 91), ([1, 1, 1], 92), ([1, 2, 3, 4], 93), ([1_000_000, 1_000_000], 94)]
            as [([Int], UInt64)])
    func sharesFollowTheWeights(weights: [Int], seed: UInt64) {
        let targets = WeightedTargets(weights: weights)
        var generator = SeededGenerator(seed: seed)
        let draws = 40_000
        var counts = [Int](repeating: 0, count: weights.count)
        for _ in 0..<draws {
            if let index = targets.index(random: generator.next()) { counts[index] += 1 }
        }
        let sum = Double(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            let share = Double(weight) / sum
            // Five standard deviations of a binomial count.
            let slack = 5 * (Double(draws) * share * (1 - share)).squareRoot()
            #expect(abs(Double(counts[index]) - Double(draws) * share) < slack, "target \(index), seed \(seed)")
        }
    }

    /// Hashes of real names, not random numbers: sequential users must spread as well.
    @Test func stickySharesFollowTheWeightsToo() {
        let targets = WeightedTargets(weights: [95, 5], identities: identities("deepseek", "openai"))
        let canary = (0..<20_000).count { targets.stickyIndex(hash: StableHash.of("user-\($0)")) == 1 }
        #expect((850...1_150).contains(canary), "5 % of 20,000 is 1,000; got \(canary)")
        let small = (0..<20_000 as Range<UInt64>).count { targets.stickyIndex(hash: $0) == 1 }
        #expect((850...1_150).contains(small), "got \(small)")
    }

    @Test func aTargetOfWeightZeroIsTheLastResort() {
        let targets = WeightedTargets(weights: [0, 3, 0, 1])
        var generator = SeededGenerator(seed: 95)
        var seen: Set<Int> = []
        for _ in 0..<500 {
            let number = generator.next()
            #expect([1, 3].contains(targets.index(random: number)))
            let resort = targets.index(random: number) { $0 == 0 || $0 == 2 }
            #expect([0, 2].contains(resort))
            if let resort { seen.insert(resort) }
        }
        #expect(seen == [0, 2], "both last resorts get calls")
    }

    @Test func asksEachTargetOnceAndNoneBehindTheChosen() {
        let targets = WeightedTargets(weights: [4, 3, 0, 2, 1])
        for number in 0..<200 as Range<UInt64> {
            var asked: [Int] = []
            _ = targets.index(random: number) {
                asked.append($0); return false
            }
            #expect(asked.sorted() == [0, 1, 2, 3, 4] && asked.last == 2, "number \(number)")
            var again: [Int] = []
            let chosen = targets.index(random: number) {
                again.append($0); return again.count == 3
            }
            #expect(again == Array(asked.prefix(3)) && chosen == asked[2], "the order is the number's")
        }
    }

    @Test func aUserKeepsItsTarget() {
        let targets = WeightedTargets(weights: [3, 2, 1])
        for hash in 0..<100 as Range<UInt64> {
            #expect(targets.stickyIndex(hash: hash) == targets.stickyIndex(hash: hash))
        }
    }

    @Test func onlyTheUsersOfALostTargetMove() {
        let targets = WeightedTargets(weights: [3, 2, 1])
        var moved = [0, 0, 0]
        for hash in 0..<6_000 as Range<UInt64> {
            let home = targets.stickyIndex(hash: hash)
            let away = targets.stickyIndex(hash: hash) { $0 != 1 }
            if home == 1, let away { moved[away] += 1 } else { #expect(away == home) }
        }
        #expect(moved[1] == 0)
        // 2,000 users split 3 to 1.
        #expect((1_350...1_650).contains(moved[0]) && (400...600).contains(moved[2]), "\(moved)")
    }

    /// Adding, removing or moving targets in the list moves no user between two that stay.
    @Test func usersKeepTheirTargetOverReloads() {
        let before = WeightedTargets(weights: [1, 1, 1], identities: identities("a", "b", "c"))
        let after = WeightedTargets(weights: [1, 1, 1], identities: identities("d", "c", "a"))
        let (beforeNames, afterNames) = (["a", "b", "c"], ["d", "c", "a"])
        var kept = 0
        for hash in 0..<3_000 as Range<UInt64> {
            guard let old = before.stickyIndex(hash: hash), let new = after.stickyIndex(hash: hash) else {
                Issue.record("no target for \(hash)")
                continue
            }
            let (oldName, newName) = (beforeNames[old], afterNames[new])
            if oldName == newName { kept += 1 }
            #expect(oldName == newName || oldName == "b" || newName == "d", "hash \(hash)")
        }
        #expect(kept > 1_200, "two thirds of the two targets that stay")
    }

    /// A greater weight draws users in and sends none elsewhere.
    @Test func aGreaterWeightOnlyAttracts() {
        let before = WeightedTargets(weights: [90, 10])
        let after = WeightedTargets(weights: [90, 30])
        for hash in 0..<3_000 as Range<UInt64> where before.stickyIndex(hash: hash) == 1 {
            #expect(after.stickyIndex(hash: hash) == 1)
        }
    }

    @Test func theOrderOfSecondChoicesIsWeightedToo() {
        let targets = WeightedTargets(weights: [1_000_000, 9, 1])
        var generator = SeededGenerator(seed: 96)
        let draws = 10_000
        let heavier = (0..<draws).count { _ in targets.index(random: generator.next()) { $0 != 0 } == 1 }
        #expect((8_850...9_150).contains(heavier), "\(heavier) of \(draws)")
    }

    @Test func hashesAreTheSameEverywhere() {
        // FNV-1a of "a" is af63dc4c8601ec8c; SplitMix64 of seed 0 begins with e220a8397b1dcdaf.
        #expect(StableHash.mix(0) == 0xe220_a839_7b1d_cdaf)
        #expect(StableHash.of("a") == StableHash.mix(0xaf63_dc4c_8601_ec8c))
    }
}
