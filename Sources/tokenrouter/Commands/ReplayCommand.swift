import ArgumentParser
import Foundation
import Metering
import Replay

/// `tokenrouter replay`
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Play a trace of requests against policies of routing.",
        discussion: """
            Shows how much of the prompts each policy would find in the replicas' caches, how even the load is, and \
            what it costs: at each request's own model's built-in price where the trace names models, else at \
            \(ReplayPrices.usualModel)'s, unless --model or --price-prompt says otherwise. A trace is JSON lines of \
            timestamp, input_length, output_length and hash_ids, as Mooncake's or those of serve --request-log.

              tokenrouter replay trace.jsonl --replicas 8
              tokenrouter replay trace.jsonl --replicas 8 --model gpt-4o-mini
              tokenrouter replay trace.jsonl --policy prefix --cache-blocks 5000 --ttl 5m --json
            """)

    @Argument(help: "The trace: a file of JSON lines.") var trace: String
    @Option(
        help: """
            round-robin, random, least-busy, hash:N (the first N blocks), prefix, or all. Also strategies as the \
            configuration spells them: least_busy; weighted, cost, latency, quality and balanced are random among \
            replicas that are alike.
            """)
    var policy = "all"
    @Option(help: "Replicas, vendor keys or regions, each with a cache of its own: 1 to 1024.") var replicas = 8
    @Option(help: "Blocks a replica's cache holds. Default: as many as come.") var cacheBlocks: Int?
    @Option(help: "What is unused for so long is gone from the cache, such as 5m or 1h. Default: never.") var ttl:
        String?
    @Option(help: "Tokens below which nothing is cached.") var minimumTokens: Int64 = 0
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 0
    @Option(help: "Take the built-in prices of this model. Default: each request's own, or \(ReplayPrices.usualModel).") var
        model: String?
    @Option(help: "USD per million prompt tokens.") var pricePrompt: String?
    @Option(help: "USD per million tokens read from the cache. Default: as prompt.") var priceCacheRead: String?
    @Option(help: "USD per million tokens written to the cache. Default: as prompt.") var priceCacheWrite: String?
    @Option(help: "USD per million completion tokens. Default: 0, input alone.") var priceCompletion: String?
    @Flag(name: .long, help: "Print JSON instead of a table.") var json = false

    private static let columns = [
        "policy", "hit_rate", "token_hit_rate", "ceiling_share", "request_skew", "token_skew", "cost_usd",
        "uncached_cost_usd",
    ]

    func run() async throws {
        var conditions = try conditions()
        let policies = try policies()
        let price = try price()
        let trace = try readTrace()
        let (prices, pricing) = Self.prices(of: trace, given: price, model: pricePrompt == nil ? model : nil)
        conditions.prices = prices
        let reports = try policies.map { try ReplayRunner(policy: $0, conditions: conditions).run(trace) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let data = try encoder.encode(ReplayAnswer(data: reports, pricing: pricing))
        if json {
            StandardOutput.write(String(decoding: data, as: UTF8.self) + "\n")
        } else {
            StandardOutput.write(
                AnswerTable(try JSONSerialization.jsonObject(with: data), columns: Self.columns).text + pricing.note + "\n")
        }
    }

    /// What the money is reckoned with, and how to say so.
    /// - Parameters:
    ///   - given: what the options say; nil: nothing, the trace decides.
    ///   - model: whose price `given` is; nil: the caller's own.
    private static func prices(
        of trace: ReplayTrace, given: Price?, model: String?
    ) -> (ReplayPrices?, ReplayAnswer.Pricing) {
        if let given {
            let name = model ?? "the prices given"
            return (.uniform(given), .init(models: model.map { [$0] } ?? [], unpriced: [:], note: "Priced as \(name)."))
        }
        guard let pricing = ReplayPricing(trace, from: PriceBook(entries: PriceBook.seeds)) else {
            return (nil, .init(models: [], unpriced: [:], note: "Not priced."))
        }
        return (pricing.prices, .init(models: pricing.models, unpriced: pricing.unpriced, note: pricing.note))
    }

    /// - Throws: `ValidationError` where the file cannot be read, or with the line that cannot.
    private func readTrace() throws -> ReplayTrace {
        guard let data = FileManager.default.contents(atPath: trace) else {
            throw ValidationError("\(trace) cannot be read.")
        }
        do {
            let read = try ReplayTrace.read([UInt8](data))
            if let line = read.cutLine {
                StandardError.write("warning: \(trace): line \(line), the last, is cut off: left out.\n")
            }
            return read
        } catch {
            throw ValidationError("\(trace): \(error).")
        }
    }

    private func policies() throws -> [ReplayPolicy] {
        if policy == "all" { return ReplayPolicy.all }
        guard let known = ReplayPolicy(policy) else {
            throw ValidationError(
                "--policy wants all, round-robin, random, least-busy, hash:N, prefix or a strategy; it is '\(policy)'.")
        }
        return [known]
    }

    /// - Throws: `ValidationError` that names the option and what it takes.
    private func conditions() throws -> ReplayConditions {
        var conditions = ReplayConditions()
        guard (1...1_024).contains(replicas) else { throw ValidationError("--replicas wants 1 to 1024.") }
        guard cacheBlocks.map({ $0 > 0 }) ?? true else { throw ValidationError("--cache-blocks wants 1 or more.") }
        conditions.replicas = replicas
        conditions.cacheBlocks = cacheBlocks
        conditions.minimumTokens = max(0, minimumTokens)
        conditions.seed = seed
        if let ttl {
            guard let nanoseconds = Self.nanoseconds(ttl) else {
                throw ValidationError("--ttl wants a time such as 90s, 5m or 1h; it is '\(ttl)'.")
            }
            conditions.ttlNanoseconds = nanoseconds
        }
        return conditions
    }

    private func price() throws -> Price? {
        var price: Price?
        if let model {
            // The list price: no provider's own.
            price = PriceBook(entries: PriceBook.seeds).price(model: model, provider: "")
            guard price != nil else { throw ValidationError("--model: there is no built-in price of '\(model)'.") }
        }
        if let prompt = try Self.picoUSD("--price-prompt", pricePrompt) {
            price = Price(
                promptPicoUSD: prompt, completionPicoUSD: 0, cacheReadPicoUSD: prompt, cacheWritePicoUSD: prompt)
        }
        if let read = try Self.picoUSD("--price-cache-read", priceCacheRead) { price?.cacheReadPicoUSD = read }
        if let write = try Self.picoUSD("--price-cache-write", priceCacheWrite) {
            price?.cacheWritePicoUSD = write
            price?.cacheWrite1hPicoUSD = nil
        }
        if let completion = try Self.picoUSD("--price-completion", priceCompletion) {
            price?.completionPicoUSD = completion
        }
        guard price != nil || (priceCacheRead ?? priceCacheWrite ?? priceCompletion) == nil else {
            throw ValidationError("The other prices want --price-prompt or --model beside them.")
        }
        return price
    }

    private static func picoUSD(_ option: String, _ text: String?) throws -> Int64? {
        guard let text else { return nil }
        guard let price = try? Price.picoUSDPerToken(perMillion: text) else {
            throw ValidationError("\(option) wants USD per million tokens, such as 0.15; it is '\(text)'.")
        }
        return price
    }

    /// Whole seconds, minutes or hours, up to 10,000 hours.
    private static func nanoseconds(_ text: String) -> Int64? {
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600]
        guard let unit = text.last.flatMap({ seconds[$0] }), let amount = Int64(text.dropLast()),
            (1...36_000_000 / unit).contains(amount)
        else { return nil }
        return amount * unit * 1_000_000_000
    }
}

/// What `replay --json` prints.
private struct ReplayAnswer: Encodable {
    /// What `cost_usd` and `uncached_cost_usd` were reckoned with.
    struct Pricing: Encodable {
        /// The models whose built-in prices were taken; empty: the options gave the prices.
        var models: [String]
        /// Requests of models without a price, by model.
        var unpriced: [String: Int]
        var note: String
    }

    var data: [ReplayReport]
    var pricing: Pricing
}
