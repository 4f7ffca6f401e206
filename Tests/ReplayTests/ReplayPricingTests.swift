import Metering
import Replay
import Testing

@Suite struct ReplayPricingTests {
    private static let cheap = Price(
        promptPicoUSD: 1_000_000, completionPicoUSD: 2_000_000, cacheReadPicoUSD: 100_000, cacheWritePicoUSD: 1_000_000)
    private static let dear = Price(
        promptPicoUSD: 9_000_000, completionPicoUSD: 9_000_000, cacheReadPicoUSD: 900_000, cacheWritePicoUSD: 9_000_000)
    private static let usual = Price(
        promptPicoUSD: 5_000, completionPicoUSD: 0, cacheReadPicoUSD: 0, cacheWritePicoUSD: 5_000)

    private let book = PriceBook(
        entries: [("cheap", cheap), ("dear", dear), (ReplayPrices.usualModel, usual)].map {
            PriceEntry(model: $0.0, provider: nil, price: $0.1, effectiveFrom: 0)
        })

    /// Requests of 1,000 tokens and one of output, all of one text.
    private func trace(_ models: [(model: String, upstream: String?)]) -> ReplayTrace {
        ReplayTrace(
            models.enumerated().map { place, names in
                ReplayRequest(
                    arrivalNanoseconds: Int64(place), blocks: [1], blockTokens: [1_000], promptTokens: 1_000, outputTokens: 1,
                    model: names.model, upstreamModel: names.upstream)
            })
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var models: [(model: String, upstream: String?)]
        var priced: [String]
        var unpriced: [String: Int] = [:]
        var nanoUSD: Int64
        var withoutCache: Int64
        var note: String
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "no models", models: [("", nil), ("", nil)], priced: [ReplayPrices.usualModel], unpriced: ["": 2],
            nanoUSD: 5_000, withoutCache: 10_000,
            note: "The trace names no model: priced as \(ReplayPrices.usualModel) is; --model and --price-prompt set others."),
        Case(
            name: "each its own", models: [("cheap", nil), ("dear", nil), ("cheap", nil)], priced: ["cheap", "dear"],
            nanoUSD: 1_000_000 + 100_000 + 2 * 2_000 + 9_000_000 + 9_000,
            withoutCache: 2 * 1_002_000 + 9_009_000,
            note: "Priced as cheap, dear, request by request; --model and --price-prompt set others."),
        Case(
            name: "the vendor's name goes before the gateway's", models: [("agent", "cheap")], priced: ["cheap"],
            nanoUSD: 1_002_000, withoutCache: 1_002_000,
            note: "Priced as cheap, request by request; --model and --price-prompt set others."),
        Case(
            name: "some unknown", models: [("cheap", nil), ("b", nil), ("a", nil), ("b", nil)], priced: ["cheap"],
            unpriced: ["a": 1, "b": 2], nanoUSD: 1_002_000, withoutCache: 1_002_000,
            note: """
                Priced as cheap, request by request. Not in the money, having no built-in price: requests of b (2), a (1); \
                --model and --price-prompt set others.
                """),
        Case(
            name: "all unknown", models: [("a", nil), ("a", nil)], priced: [ReplayPrices.usualModel], unpriced: ["a": 2],
            nanoUSD: 5_000, withoutCache: 10_000,
            note: """
                No model of the trace has a built-in price, a (2) requests: priced as \(ReplayPrices.usualModel) is; \
                --model and --price-prompt set others.
                """),
    ]

    @Test(arguments: cases)
    func aTraceIsPricedByItsModels(expected: Case) throws {
        let trace = trace(expected.models)
        let pricing = try #require(ReplayPricing(trace, from: book))
        #expect(pricing.models == expected.priced)
        #expect(pricing.unpriced == expected.unpriced)
        #expect(pricing.note == expected.note)
        var conditions = ReplayConditions()
        conditions.replicas = 1
        conditions.prices = pricing.prices
        let report = try ReplayRunner(policy: .roundRobin, conditions: conditions).run(trace)
        #expect(report.cost?.units == expected.nanoUSD)
        #expect(report.costWithoutCache?.units == expected.withoutCache)
    }

    @Test func theUsualModelHasABuiltInPrice() {
        #expect(PriceBook(entries: PriceBook.seeds).price(model: ReplayPrices.usualModel, provider: "") != nil)
        #expect(ReplayPricing(trace([("", nil)]), from: PriceBook(entries: [])) == nil)
    }
}
