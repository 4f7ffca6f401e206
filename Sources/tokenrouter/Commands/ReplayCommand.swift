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
            what it costs. A trace is JSON lines of timestamp, input_length, output_length and hash_ids.

              tokenrouter replay trace.jsonl --replicas 8 --model gpt-4o-mini
              tokenrouter replay trace.jsonl --policy prefix --cache-blocks 5000 --ttl 5m --json
            """)

    @Argument(help: "The trace: a file of JSON lines.") var trace: String
    @Option(help: "round-robin, random, least-busy, hash:N (the first N blocks), prefix, or all.") var policy = "all"
    @Option(help: "Replicas, vendor keys or regions, each with a cache of its own: 1 to 1024.") var replicas = 8
    @Option(help: "Blocks a replica's cache holds. Default: as many as come.") var cacheBlocks: Int?
    @Option(help: "What is unused for so long is gone from the cache, such as 5m or 1h. Default: never.") var ttl:
        String?
    @Option(help: "Tokens below which nothing is cached.") var minimumTokens: Int64 = 0
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 0
    @Option(help: "Take the built-in prices of this model.") var model: String?
    @Option(help: "USD per million prompt tokens.") var pricePrompt: String?
    @Option(help: "USD per million tokens read from the cache. Default: as prompt.") var priceCacheRead: String?
    @Option(help: "USD per million tokens written to the cache. Default: as prompt.") var priceCacheWrite: String?
    @Option(help: "USD per million completion tokens. Default: 0, input alone.") var priceCompletion: String?
    @Flag(name: .long, help: "Print JSON instead of a table.") var json = false

    private static let columns = [
        "policy", "hit_rate", "token_hit_rate", "ceiling_share", "request_skew", "token_skew",
    ]

    func run() async throws {
        let conditions = try conditions()
        let policies = try policies()
        let trace = try readTrace()
        let reports = try policies.map { try ReplayRunner(policy: $0, conditions: conditions).run(trace) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let data = try encoder.encode(["data": reports])
        if json {
            StandardOutput.write(String(decoding: data, as: UTF8.self) + "\n")
        } else {
            let money = conditions.price == nil ? [] : ["cost_usd", "uncached_cost_usd"]
            StandardOutput.write(
                AnswerTable(try JSONSerialization.jsonObject(with: data), columns: Self.columns + money).text)
        }
    }

    /// - Throws: `ValidationError` where the file cannot be read, or with the line that cannot.
    private func readTrace() throws -> ReplayTrace {
        guard let data = FileManager.default.contents(atPath: trace) else {
            throw ValidationError("\(trace) cannot be read.")
        }
        do {
            return try ReplayTrace.read([UInt8](data))
        } catch {
            throw ValidationError("\(trace): \(error).")
        }
    }

    private func policies() throws -> [ReplayPolicy] {
        if policy == "all" { return ReplayPolicy.all }
        guard let known = ReplayPolicy(policy) else {
            throw ValidationError(
                "--policy wants all, round-robin, random, least-busy, hash:N or prefix; it is '\(policy)'.")
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
        conditions.price = try price()
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
