import FoundationEssentials
import Gateway
import Identity
import Metering
import NIOCore
import Settings

/// A small gateway without sockets: three providers, models with several targets and a fallback, one customer.
struct World {
    let snapshot: GatewaySnapshot
    let wallet: Wallet
    let principal: Principal
    let digest = KeyDigest(ofKey: "sk-tr-simulated".utf8)

    /// - Parameter balance: nil: no balance limit.
    init(balance: NanoUSD?, adjust: (inout Configuration) -> Void = { _ in }) {
        var configuration = Configuration()
        configuration.providers = ["first", "second", "third"].map { name in
            let url = UpstreamURL(isTLS: false, host: "\(name).test", port: 80, path: "/v1")
            var provider = ProviderSettings(name: name, kind: .openAICompatible, baseURL: url)
            provider.keys = [ProviderKeySettings(id: "main", value: Secret("secret-of-\(name)"))]
            provider.allowPrivate = true
            provider.breaker.minimumRequests = 1_000_000
            return provider
        }
        var chat = ModelSettings(
            name: "chat",
            targets: [
                TargetSettings(provider: "first", model: "gpt-4o-mini"),
                TargetSettings(provider: "second", model: "gpt-4o-mini"),
            ])
        chat.sticky = .none
        chat.fallbacks = ["spare"]
        let spare = ModelSettings(name: "spare", targets: [TargetSettings(provider: "third", model: "gpt-4o-mini")])
        let single = ModelSettings(name: "single", targets: [TargetSettings(provider: "first", model: "gpt-4o-mini")])
        let wildcard = ModelSettings(name: "any/*", targets: [TargetSettings(provider: "first", model: "*")])
        configuration.models = [chat, spare, single, wildcard]
        adjust(&configuration)
        let price = Price(
            promptPicoUSD: 150_000, completionPicoUSD: 600_000, cacheReadPicoUSD: 75_000, cacheWritePicoUSD: 0)
        let prices = PriceBook(entries: [PriceEntry(model: "gpt-4o-mini", provider: nil, price: price, effectiveFrom: 0)])
        var builder = SnapshotBuilder(configuration: configuration, prices: prices, health: HealthBook())
        snapshot = builder.build()
        wallet = Wallet(balance: balance)
        principal = Principal(
            caller: Caller(userID: UUID(), keyID: UUID(), plan: "enterprise"), wallet: wallet, keyLimiter: nil,
            userLimiter: nil, priceMultiplierMillionths: 1_000_000)
    }

    func exchange(now: Int64 = 1, random: UInt64 = 0, journalIsWritable: Bool = true) -> Exchange {
        Exchange(
            id: UUID(), snapshot: snapshot, nowNanoseconds: now, createdAtMicroseconds: 1_800_000_000_000_000,
            random: random, journalIsWritable: journalIsWritable)
    }

    func head(_ endpoint: Endpoint = .chatCompletions, isPost: Bool = true) -> RequestHead {
        RequestHead(endpoint: endpoint, isPost: isPost, path: "/v1/chat/completions", credential: .key(digest))
    }

    static func body(model: String = "chat", isStream: Bool = false) -> ByteBuffer {
        ByteBuffer(
            string: """
                {"model":"\(model)","stream":\(isStream),"max_tokens":64,"messages":[{"role":"user","content":"Hello there"}]}
                """)
    }

    /// A whole answer with 812 prompt tokens (512 cached) and 32 completion tokens.
    static let answer = ByteBuffer(
        string: """
            {"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},\
            "finish_reason":"stop"}],"usage":{"prompt_tokens":812,"completion_tokens":32,"total_tokens":844,\
            "prompt_tokens_details":{"cached_tokens":512}}}
            """)

    static let events: [String] = [
        #"data: {"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":"He"},"finish_reason":null}]}"#,
        #"data: {"id":"c1","choices":[{"index":0,"delta":{"content":"llo"},"finish_reason":null}]}"#,
        #"data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        #"data: {"id":"c1","choices":[],"usage":{"prompt_tokens":812,"completion_tokens":32,"total_tokens":844,"prompt_tokens_details":{"cached_tokens":512}}}"#,
        "data: [DONE]",
    ].map { $0 + "\n\n" }
}
