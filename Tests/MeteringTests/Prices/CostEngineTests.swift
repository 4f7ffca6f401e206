import Metering
import Testing

@Suite struct CostEngineTests {
    private let price = Price(
        promptPicoUSD: 2_000_000, completionPicoUSD: 10_000_000, cacheReadPicoUSD: 100_000,
        cacheWritePicoUSD: 2_500_000,
        cacheWrite1hPicoUSD: 5_000_000)

    /// Seven thousand tokens of one member, and its price.
    @Test(
        arguments: [
            ("uncached input", usage { $0.uncachedInput = 7_000 }, 2_000_000),
            ("cache read", usage { $0.cacheRead = 7_000 }, 100_000),
            ("cache write, 5 m", usage { $0.cacheWrite5m = 7_000 }, 2_500_000),
            ("cache write, 1 h", usage { $0.cacheWrite1h = 7_000 }, 5_000_000),
            ("visible output", usage { $0.visibleOutput = 7_000 }, 10_000_000),
            ("reasoning", usage { $0.reasoning = 7_000 }, 10_000_000),
            ("audio", usage { $0.audio = 7_000 }, 2_000_000),
            ("image", usage { $0.image = 7_000 }, 2_000_000),
        ] as [(String, TokenUsage, Int64)])
    func pricesEachMemberOnce(member: String, usage: TokenUsage, picoUSD: Int64) throws {
        #expect(try CostEngine.cost(of: usage, at: price).units == 7 * picoUSD, "\(member)")
    }

    private static func usage(_ fill: (inout TokenUsage) -> Void) -> TokenUsage {
        var usage = TokenUsage()
        fill(&usage)
        return usage
    }

    @Test func longWritesCostAsShortOnesWhereNothingElseIsSaid() throws {
        var usage = TokenUsage()
        usage.cacheWrite1h = 1_000
        var price = price
        price.cacheWrite1hPicoUSD = nil
        #expect(try CostEngine.cost(of: usage, at: price).units == 2_500_000)
    }

    /// gpt-4o-mini: 0.15 and 0.60 USD per million.
    @Test func pricesAnOrdinaryAnswer() throws {
        let price = Price(
            promptPicoUSD: 150_000, completionPicoUSD: 600_000, cacheReadPicoUSD: 75_000, cacheWritePicoUSD: 150_000)
        let usage = TokenUsage(openAIPrompt: 1_200, completion: 345, cached: 1_024)
        // 176 × 0.15 + 1024 × 0.075 + 345 × 0.60 = 310.2 millionths of a USD
        #expect(try CostEngine.cost(of: usage, at: price).decimalText == "0.0003102")
        #expect(try CostEngine.cost(of: usage, at: price, multiplierMillionths: 800_000).decimalText == "0.00024816")
        #expect(try CostEngine.cost(of: usage, at: price, multiplierMillionths: 0) == .zero)
    }

    /// One token at so many pico-USD.
    @Test(
        arguments: [
            (499, 0), (500, 0), (501, 1), (999, 1), (1_000, 1), (1_499, 1), (1_500, 2), (1_501, 2), (2_500, 2),
            (3_500, 4),
        ] as [(Int64, Int64)])
    func roundsHalfToEven(picoUSD: Int64, nanoUSD: Int64) throws {
        var usage = TokenUsage()
        usage.uncachedInput = 1
        let price = Price(promptPicoUSD: picoUSD, completionPicoUSD: 0, cacheReadPicoUSD: 0, cacheWritePicoUSD: 0)
        #expect(try CostEngine.cost(of: usage, at: price).units == nanoUSD)
    }

    /// Rounding each part would make 0 of both halves.
    @Test func roundsOnceBehindTheMultiplier() throws {
        var usage = TokenUsage()
        usage.uncachedInput = 1
        usage.visibleOutput = 1
        let price = Price(promptPicoUSD: 500, completionPicoUSD: 500, cacheReadPicoUSD: 0, cacheWritePicoUSD: 0)
        #expect(try CostEngine.cost(of: usage, at: price).units == 1)
        #expect(try CostEngine.cost(of: usage, at: price, multiplierMillionths: 500_000).units == 0)
        #expect(try CostEngine.cost(of: usage, at: price, multiplierMillionths: 500_001).units == 1)
    }

    @Test func refusesWhatIsBelowZero() {
        var usage = TokenUsage()
        usage.reasoning = -1
        #expect(throws: MoneyError.negative) { try CostEngine.cost(of: usage, at: price) }
        #expect(throws: MoneyError.negative) {
            try CostEngine.cost(of: TokenUsage(), at: price, multiplierMillionths: -1)
        }
        var wrongPrice = price
        wrongPrice.completionPicoUSD = -1
        #expect(throws: MoneyError.negative) { try CostEngine.cost(of: TokenUsage(), at: wrongPrice) }
    }

    @Test func throwsWhatDoesNotFit() throws {
        var usage = TokenUsage()
        usage.uncachedInput = .max
        let price = Price(
            promptPicoUSD: 1_000, completionPicoUSD: .max, cacheReadPicoUSD: .max, cacheWritePicoUSD: .max)
        #expect(try CostEngine.cost(of: usage, at: price).units == .max)
        #expect(throws: MoneyError.overflow) {
            try CostEngine.cost(of: usage, at: price, multiplierMillionths: 1_000_001)
        }
        usage.visibleOutput = .max
        usage.cacheRead = .max
        usage.cacheWrite5m = .max
        usage.reasoning = .max
        #expect(throws: MoneyError.overflow) { try CostEngine.cost(of: usage, at: price) }
        #expect(throws: MoneyError.overflow) { try CostEngine.cost(of: usage, at: price, multiplierMillionths: .max) }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func agreesWithSchoolArithmetic(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var fitting = 0
        for round in 0..<3_000 {
            // The sizes shrink by shifts, so that results on both sides of every bound are common.
            func number(_ generator: inout SeededGenerator) -> Int64 {
                Int64(generator.next() >> (1 + generator.next() % 63))
            }
            var usage = TokenUsage()
            usage.uncachedInput = number(&generator)
            usage.cacheRead = number(&generator)
            usage.cacheWrite5m = number(&generator)
            usage.cacheWrite1h = number(&generator)
            usage.visibleOutput = number(&generator)
            usage.reasoning = number(&generator)
            var price = Price(
                promptPicoUSD: number(&generator), completionPicoUSD: number(&generator),
                cacheReadPicoUSD: number(&generator), cacheWritePicoUSD: number(&generator),
                cacheWrite1hPicoUSD: number(&generator))
            if round.isMultiple(of: 2) {
                price = self.price
                usage.uncachedInput &= 0xFFFF_FFFF
                usage.cacheRead &= 0xFFFF_FFFF
                usage.cacheWrite5m &= 0xFFFF_FFFF
                usage.cacheWrite1h &= 0xFFFF_FFFF
                usage.visibleOutput &= 0xFFFF_FFFF
                usage.reasoning &= 0xFFFF_FFFF
            }
            let multiplier =
                round.isMultiple(of: 3) ? number(&generator) : 1_000_000 - Int64(generator.next() % 999_999)
            let expected = slowCost(usage, price, multiplier)
            let actual = try? CostEngine.cost(of: usage, at: price, multiplierMillionths: multiplier).units
            #expect(actual == expected, "seed \(seed), round \(round)")
            if expected != nil { fitting += 1 }
        }
        #expect(fitting > 1_000 && fitting < 2_950, "both outcomes are common, seed \(seed)")
    }

    private func slowCost(_ usage: TokenUsage, _ price: Price, _ multiplier: Int64) -> Int64? {
        let parts = [
            (usage.uncachedInput, price.promptPicoUSD), (usage.cacheRead, price.cacheReadPicoUSD),
            (usage.cacheWrite5m, price.cacheWritePicoUSD),
            (usage.cacheWrite1h, price.cacheWrite1hPicoUSD ?? price.cacheWritePicoUSD),
            (usage.visibleOutput, price.completionPicoUSD), (usage.reasoning, price.completionPicoUSD),
        ]
        let total = parts.reduce(DigitNumber(0)) { $0 + DigitNumber($1.0) * DigitNumber($1.1) }
        return (total * DigitNumber(multiplier)).billionthsRounded.int64
    }
}
