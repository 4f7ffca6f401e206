/// The key that brings a conversation's requests to the same cache, made of hashes alone.
enum PromptCacheKey {
    /// What one key and prefix bears before a vendor spreads them over several machines, each of them cold
    /// (OpenAI's prompt caching guide, read 2026-11).
    private static let requestsPerMinute = 15
    private static let start: UInt64 = 0x7072_6F6D_7074_6B31

    /// The same in every turn of a conversation, but that a minute's requests beyond what a key bears have a second one, a
    /// third and so on, the same in every minute: the first key's cache is always the newest.
    static func key(for identity: CacheIdentity) -> String {
        var hash = StableHash.mix(StableHash.mix(start, identity.tenant), identity.conversation)
        let spill = max(0, identity.sentThisMinute) / requestsPerMinute
        if spill > 0 { hash = StableHash.mix(hash, UInt64(spill)) }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
