import FoundationEssentials
import Replay
import Testing

/// The targets of prefix routing, held against the public traces beside the repository.
@Suite struct MooncakeTests {
    struct Trace: Sendable, CustomTestStringConvertible {
        var name: String
        var requests: Int
        /// Hit rates of blocks that anyone gets who plays the trace: one cache for all, and round robin over eight.
        var ceiling: Double
        var roundRobin: Double
        var testDescription: String { name }

        /// - Throws: where the trace is not beside the repository.
        func read() throws -> ReplayTrace { try MooncakeTests.read[name, default: .failure(Missing(path: name))].get() }

        fileprivate func readOnce() throws -> ReplayTrace {
            let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            let path = package.joined(separator: "/") + "/../shared/corpora/traces/mooncake-\(name).jsonl"
            guard let bytes = FileManager.default.contents(atPath: path) else { throw Missing(path: path) }
            return try ReplayTrace.read([UInt8](bytes))
        }
    }

    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "no test data at \(path)" }
    }

    static let traces = [
        Trace(name: "conversation", requests: 12_031, ceiling: 0.366, roundRobin: 0.136),
        Trace(name: "synthetic", requests: 3_993, ceiling: 0.640, roundRobin: 0.226),
    ]

    private static let read = Dictionary(
        uniqueKeysWithValues: traces.map { trace in (trace.name, Result { try trace.readOnce() }) })

    private func play(_ policy: ReplayPolicy, _ trace: ReplayTrace, cacheBlocks: Int? = nil, seed: UInt64 = 0) throws
        -> ReplayReport
    {
        var conditions = ReplayConditions()
        conditions.cacheBlocks = cacheBlocks
        conditions.seed = seed
        return try ReplayRunner(policy: policy, conditions: conditions).run(trace)
    }

    @Test(arguments: traces)
    func theReferenceFiguresComeOut(expected: Trace) throws {
        let trace = try expected.read()
        #expect(trace.requests.count == expected.requests)
        let report = try play(.roundRobin, trace)
        #expect(abs(report.hitRate - expected.roundRobin) < 0.001, "got \(report.hitRate)")
        let ceiling = report.hitRate / report.ceilingShare
        #expect(abs(ceiling - expected.ceiling) < 0.001, "got \(ceiling)")
    }

    @Test func theHashOfTheSystemPromptAloneIsAllOnOneReplica() throws {
        let report = try play(.hash(blocks: 1), Self.traces[0].read())
        #expect(report.requestSkew == 8)
    }

    /// Several seeds: where the replicas lie in the hashing order is luck, and no luck is to be needed.
    @Test(arguments: traces)
    func prefixRoutingReachesTheCeilingEvenly(expected: Trace) throws {
        let trace = try expected.read()
        for seed in 0..<3 as Range<UInt64> {
            let report = try play(.prefix, trace, seed: seed)
            #expect(report.ceilingShare >= 0.99, "seed \(seed)")
            #expect(report.requestSkew <= 1.15, "seed \(seed)")
            #expect(report.tokenSkew <= 1.3, "seed \(seed)")
        }
    }

    @Test(arguments: traces, [2_000, 5_000, 20_000])
    func prefixRoutingHoldsWithSmallCaches(expected: Trace, cacheBlocks: Int) throws {
        let trace = try expected.read()
        let prefix = try play(.prefix, trace, cacheBlocks: cacheBlocks)
        let roundRobin = try play(.roundRobin, trace, cacheBlocks: cacheBlocks)
        let hash = try play(.hash(blocks: 2), trace, cacheBlocks: cacheBlocks)
        #expect(prefix.hitRate >= 2.5 * roundRobin.hitRate)
        #expect(prefix.hitRate >= 0.98 * hash.hitRate)
        #expect(prefix.requestSkew <= 1.15)
    }
}
