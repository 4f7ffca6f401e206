import Metering
import Testing

@Suite struct PriceBookTests {
    private func price(_ prompt: Int64) -> Price {
        Price(promptPicoUSD: prompt, completionPicoUSD: 0, cacheReadPicoUSD: 0, cacheWritePicoUSD: 0)
    }

    private func entry(_ model: String, _ provider: String?, _ prompt: Int64, from: Int64 = 0) -> PriceEntry {
        PriceEntry(model: model, provider: provider, price: price(prompt), effectiveFrom: from)
    }

    @Test func aProvidersOwnPriceComesFirst() {
        let book = PriceBook(entries: [entry("m", "a", 2), entry("m", nil, 1)])
        #expect(book.price(model: "m", provider: "a") == price(2))
        #expect(book.price(model: "m", provider: "b") == price(1))
    }

    @Test func aProvidersOwnPriceIsOnlyItsOwn() {
        let book = PriceBook(entries: [entry("m", "a", 2)])
        #expect(book.price(model: "m", provider: "b") == nil)
        #expect(book.price(model: "n", provider: "a") == nil)
    }

    @Test(arguments: ["gpt-4o-mini-2024-07-18", "gpt-4o-min", "GPT-4o-mini", "openai/gpt-4o-mini", ""])
    func namesAreNotGuessed(model: String) {
        #expect(PriceBook(entries: PriceBook.seeds).price(model: model, provider: "openai") == nil)
    }

    @Test func theLatestOfAModelCounts() {
        let entries = [entry("m", nil, 2, from: 20), entry("m", nil, 1, from: 10), entry("m", nil, 3, from: 30)]
        for order in [entries, entries.reversed()] {
            #expect(PriceBook(entries: order).price(model: "m", provider: "p") == price(3))
            #expect(PriceBook(entries: order, atSeconds: 29).price(model: "m", provider: "p") == price(2))
            #expect(PriceBook(entries: order, atSeconds: 9).price(model: "m", provider: "p") == nil)
        }
    }

    @Test func ofEquallyLateOnesTheLastCounts() {
        let book = PriceBook(entries: PriceBook.seeds + [entry("gpt-4o", nil, 5)])
        #expect(book.price(model: "gpt-4o", provider: "openai") == price(5))
    }

    /// USD per million: prompt, completion, cache read.
    @Test(arguments: [
        ("deepseek-chat", "0.14", "0.28", "0.014"), ("gpt-4o", "2.5", "10", "1.25"),
        ("gpt-4o-mini", "0.15", "0.6", "0.075"), ("claude-sonnet-4", "3", "15", "0.3"),
        ("claude-haiku-4", "0.8", "4", "0.08"), ("gpt-6-sol", "2", "10", "0.2"),
    ])
    func theSeedsHoldTheOpeningPrices(model: String, prompt: String, completion: String, cacheRead: String) throws {
        let price = try #require(PriceBook(entries: PriceBook.seeds).price(model: model, provider: "any"))
        #expect(Price.perMillionText(price.promptPicoUSD) == prompt)
        #expect(Price.perMillionText(price.completionPicoUSD) == completion)
        #expect(Price.perMillionText(price.cacheReadPicoUSD) == cacheRead)
    }

    @Test func theSeedsAreSound() {
        let names = PriceBook.seeds.map(\.model)
        #expect(Set(names).count == names.count, "each model once")
        #expect(names.count >= 40)
        for seed in PriceBook.seeds {
            let price = seed.price
            #expect(seed.provider == nil && seed.effectiveFrom == 0, "\(seed.model)")
            #expect(price.promptPicoUSD > 0 && price.completionPicoUSD >= price.promptPicoUSD, "\(seed.model)")
            #expect(price.cacheReadPicoUSD > 0 && price.cacheReadPicoUSD <= price.promptPicoUSD, "\(seed.model)")
            #expect(price.cacheWritePicoUSD >= price.promptPicoUSD, "\(seed.model)")
            #expect(price.cacheWrite1hPicoUSD ?? .max >= price.cacheWritePicoUSD, "\(seed.model)")
        }
    }
}
