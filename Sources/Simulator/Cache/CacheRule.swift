/// How a vendor decides what of a prompt is cached. Facts: the vendors' prompt-caching pages, as of 2026-11-21.
package enum CacheRule: Sendable, Equatable {
    /// Automatic: the longest prefix seen, in whole steps, counted once it reaches the minimum.
    case steps(minimum: Int, step: Int, lifetime: Duration)
    /// Automatic: only whole stored units. Units end where a prompt ended, where its answer ended, at a common prefix
    /// that a second prompt showed, and at every `interval` tokens.
    case units(interval: Int, lifetime: Duration)
    /// Only where the request puts a marker, on prefixes of at least the minimum.
    case markers(minimum: Int)
    case none

    /// 1024 tokens, 128-token steps, five idle minutes (the vendor says five to ten).
    package static let openAI = CacheRule.steps(minimum: 1024, step: 128, lifetime: .seconds(300))
    /// Up to V3: 64-token units on disk, "hours to days": a day.
    package static let deepSeek = CacheRule.steps(minimum: 64, step: 64, lifetime: .seconds(86400))

    /// From V4 on: units. The vendor does not state its interval; 4096 stands for it.
    package static let deepSeekV4 = CacheRule.units(interval: 4096, lifetime: .seconds(86400))

    /// Gemini's implicit cache: 2048 tokens on the 2.x models, 4096 later. The vendor states neither steps nor a
    /// lifetime; 128 and five minutes stand for them.
    package static func gemini(model: String) -> CacheRule {
        let isOld = ["gemini-1", "gemini-2"].contains { model.lowercased().hasPrefix($0) }
        return .steps(minimum: isOld ? 2048 : 4096, step: 128, lifetime: .seconds(300))
    }

    /// Anthropic's minimum differs by model; a name it does not know gets 1024.
    package static func anthropic(model: String) -> CacheRule {
        let name = String(model.lowercased().map { $0 == "." ? "-" : $0 })
        let minimums: [(Int, [String])] = [
            (512, ["opus-5", "sonnet-5-5", "haiku-5-5", "fable-5", "mythos-5"]),
            (2048, ["opus-4-7", "haiku-3-5", "3-5-haiku"]),
            (4096, ["opus-4-6", "opus-4-5", "haiku-4-5"]),
        ]
        let found = minimums.first { $0.1.contains { name.contains($0) } }
        return .markers(minimum: found?.0 ?? 1024)
    }
}
