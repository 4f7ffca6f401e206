import FoundationEssentials
import Metering
import Replay
import Testing

@Suite struct ReplayRunnerTests {
    /// Ten conversations of twenty turns, turn by turn, 3 s apart.
    private let conversations: ReplayTrace = {
        var requests: [ReplayRequest] = []
        for turn in 0..<20 {
            for conversation in 0..<10 {
                let blocks = (0..<turn + 2).map { UInt64(conversation * 100 + $0) }
                requests.append(
                    ReplayRequest(
                        arrivalNanoseconds: Int64(requests.count) * 3_000_000_000, blocks: blocks,
                        blockTokens: blocks.map { _ in 600 }, promptTokens: Int64(blocks.count) * 600 + 50,
                        outputTokens: 100))
            }
        }
        return ReplayTrace(requests)
    }()

    @Test(arguments: ReplayPolicy.all)
    func thePolicyHasANameThatNamesIt(policy: ReplayPolicy) {
        #expect(ReplayPolicy(policy.description) == policy)
    }

    @Test(
        arguments: [
            ("weighted", .random), ("cost", .random), ("latency", .random), ("quality", .random), ("balanced", .random),
            ("prefix", .prefix), ("least_busy", .leastBusy), ("round_robin", .roundRobin), ("hash", .hash(blocks: 2)),
        ] as [(String, ReplayPolicy)])
    func aStrategyAsTheConfigurationSpellsItNamesOne(name: String, policy: ReplayPolicy) {
        #expect(ReplayPolicy(name) == policy)
    }

    @Test(arguments: ["", "hash:0", "hash:-1", "hash:x", "Prefix", "all", "least busy"])
    func otherNamesNameNone(name: String) {
        #expect(ReplayPolicy(name) == nil)
    }

    @Test(arguments: ReplayPolicy.all)
    func theSameGivesTheSame(policy: ReplayPolicy) throws {
        var conditions = ReplayConditions()
        conditions.seed = 5
        conditions.cacheBlocks = 30
        let runner = ReplayRunner(policy: policy, conditions: conditions)
        #expect(try runner.run(conversations) == runner.run(conversations))
    }

    @Test(arguments: ReplayPolicy.all)
    func oneReplicaIsTheCeiling(policy: ReplayPolicy) throws {
        var conditions = ReplayConditions()
        conditions.replicas = 1
        let report = try ReplayRunner(policy: policy, conditions: conditions).run(conversations)
        #expect(report.ceilingShare == 1)
        #expect(report.requestSkew == 1)
        // Of turns 2 to 20 all but the newest block.
        #expect(report.hitBlocks == 10 * (2...20).reduce(0, +))
    }

    @Test func moneyFollowsTheHits() throws {
        var conditions = ReplayConditions()
        conditions.replicas = 1
        conditions.prices = .uniform(
            Price(
                promptPicoUSD: 1_000_000, completionPicoUSD: 2_000_000, cacheReadPicoUSD: 100_000,
                cacheWritePicoUSD: 1_250_000, cacheWrite1hPicoUSD: 2_000_000))
        let read: Int64 = 600 * 10 * 209
        let written: Int64 = 600 * 10 * (230 - 209)
        let behind: Int64 = 50 * 200
        let output: Int64 = 100 * 200
        let report = try ReplayRunner(policy: .prefix, conditions: conditions).run(conversations)
        #expect(report.hitTokens == read)
        #expect(report.cost?.units == read * 100 + written * 1_250 + behind * 1_000 + output * 2_000)
        #expect(report.costWithoutCache?.units == (read + written + behind) * 1_000 + output * 2_000)
        conditions.ttlNanoseconds = 3_600_000_000_000
        let hour = try ReplayRunner(policy: .prefix, conditions: conditions).run(conversations)
        #expect(hour.cost?.units == read * 100 + written * 2_000 + behind * 1_000 + output * 2_000)
    }

    @Test func belowTheVendorsMinimumNothingIsCached() throws {
        var conditions = ReplayConditions()
        conditions.replicas = 1
        conditions.minimumTokens = 3_000
        let report = try ReplayRunner(policy: .roundRobin, conditions: conditions).run(conversations)
        // The prompts of five blocks (3,050 tokens) and more are stored; the first of them finds nothing.
        #expect(report.hitBlocks == 10 * (5...20).reduce(0, +))
        conditions.minimumTokens = 1_000_000
        #expect(try ReplayRunner(policy: .prefix, conditions: conditions).run(conversations).hitTokens == 0)
    }

    @Test func turnsFurtherApartThanTheLifetimeFindNothing() throws {
        var conditions = ReplayConditions()
        conditions.ttlNanoseconds = 29_000_000_000
        #expect(try ReplayRunner(policy: .prefix, conditions: conditions).run(conversations).hitTokens == 0)
        conditions.ttlNanoseconds = 31_000_000_000
        #expect(try ReplayRunner(policy: .prefix, conditions: conditions).run(conversations).ceilingShare == 1)
    }

    @Test func theReportIsWrittenAsJSON() throws {
        var conditions = ReplayConditions()
        conditions.replicas = 2
        let report = try ReplayRunner(policy: .hash(blocks: 2), conditions: conditions).run(conversations)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(report), as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"{"blocks":2300,"ceiling_hit_rate":0.9087,"ceiling_share":1,"hit_rate":0.9087,"policy":"hash:2""#),
            "\(text)")
        #expect(!text.contains("cost_usd"))
    }
}
