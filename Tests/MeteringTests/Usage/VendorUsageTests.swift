import Metering
import Testing

@Suite struct VendorUsageTests {
    @Test func openAIsPromptIncludesWhatIsCached() {
        let usage = TokenUsage(
            openAIPrompt: 2_000, completion: 500, cached: 1_024, cacheWrite: 600, cacheWriteLong: 200, reasoning: 320)
        #expect(usage.uncachedInput == 376)
        #expect(usage.cacheRead == 1_024)
        #expect(usage.cacheWrite5m == 400)
        #expect(usage.cacheWrite1h == 200)
        #expect(usage.visibleOutput == 180)
        #expect(usage.reasoning == 320)
        #expect(usage.promptTokens == 2_000 && usage.completionTokens == 500)
    }

    @Test func anthropicsInputExcludesWhatIsCached() {
        let usage = TokenUsage(
            anthropicInput: 50, cacheRead: 1_000, cacheCreation: 300, cacheCreation1h: 100, output: 80, thinking: 30)
        #expect(usage.uncachedInput == 50)
        #expect(usage.cacheRead == 1_000)
        #expect(usage.cacheWrite5m == 200 && usage.cacheWrite1h == 100)
        #expect(usage.visibleOutput == 50 && usage.reasoning == 30)
        #expect(usage.promptTokens == 1_350)
    }

    @Test func deepSeekTellsHitsFromMisses() {
        let usage = TokenUsage(deepSeekHit: 640, miss: 60, completion: 30, reasoning: 10)
        #expect(usage.cacheRead == 640 && usage.uncachedInput == 60)
        #expect(usage.visibleOutput == 20 && usage.reasoning == 10)
    }

    /// (total, completion): without a total that says otherwise, thoughts come beside the candidates.
    @Test(arguments: [(nil, 70), (180, 70), (160, 50)] as [(Int64?, Int64)])
    func geminisThoughtsAreCountedOnce(total: Int64?, completion: Int64) {
        let usage = TokenUsage(
            geminiPrompt: 100, cached: 40, toolUse: 10, candidates: 50, thoughts: 20, total: total)
        #expect(usage.uncachedInput == 70 && usage.cacheRead == 40)
        #expect(usage.promptTokens == 110)
        #expect(usage.completionTokens == completion && usage.reasoning == 20)
    }

    /// (prompt, cached, write, long) to (uncached, read, 5 m, 1 h)
    @Test(
        arguments: [
            ([100, 150, 0, 0], [0, 100, 0, 0]),
            ([100, 80, 50, 0], [0, 80, 20, 0]),
            ([100, -5, 50, 90], [50, 0, 0, 50]),
            ([-7, 10, 10, 10], [0, 0, 0, 0]),
            ([100, 0, -1, 5], [100, 0, 0, 0]),
        ] as [([Int64], [Int64])])
    func partsThatClaimTooMuchAreCut(counts: [Int64], parts: [Int64]) {
        let usage = TokenUsage(
            openAIPrompt: counts[0], completion: 0, cached: counts[1], cacheWrite: counts[2], cacheWriteLong: counts[3])
        #expect([usage.uncachedInput, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h] == parts)
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func anyNumbersGiveSoundUsage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<20_000 {
            let n = (0..<6).map { _ in generator.extremeInt64() }
            let openAI = TokenUsage(
                openAIPrompt: n[0], completion: n[1], cached: n[2], cacheWrite: n[3], cacheWriteLong: n[4],
                reasoning: n[5])
            #expect(openAI.promptTokens == max(0, n[0]), "seed \(seed), round \(round)")
            #expect(openAI.completionTokens == max(0, n[1]), "seed \(seed), round \(round)")
            let others = [
                TokenUsage(deepSeekHit: n[0], miss: n[1], completion: n[2], reasoning: n[3]),
                TokenUsage(
                    anthropicInput: n[0], cacheRead: n[1], cacheCreation: n[2], cacheCreation1h: n[3], output: n[4],
                    thinking: n[5]),
                TokenUsage(
                    geminiPrompt: n[0], cached: n[1], toolUse: n[2], candidates: n[3], thoughts: n[4], total: n[5]),
            ]
            for usage in others + [openAI] {
                let parts = [
                    usage.uncachedInput, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h, usage.visibleOutput,
                    usage.reasoning, usage.audio, usage.image,
                ]
                let isSound = parts.allSatisfy { $0 >= 0 } && usage.promptTokens >= 0 && usage.completionTokens >= 0
                #expect(isSound, "seed \(seed), round \(round)")
            }
        }
    }
}
