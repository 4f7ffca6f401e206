/// What decides between a warm cache and an idle one.
package struct PrefixAffinityParameters: Sendable, Equatable {
    /// Prefixes remembered, one per prefix and slot, 16 bytes each; rounded up to a power of two. The default is 4 MiB.
    package var capacity = 1 << 18
    /// A shorter prefix is worth no detour for those who merely begin alike: vendors cache none. A shorter prompt is still
    /// followed by the one that goes on from it.
    package var minimumTokens: Int64 = 1_024
    /// The beginning that cold prompts are spread by. Much shorter, and all who share a system prompt meet in one slot.
    package var stretchTokens: Int64 = 1_024
    /// How much more than its share a slot may bear before a prefix leaves it; at least 1.
    package var loadBound = 1.25
    /// How many times the others' requests in flight a slot may have before a prefix leaves it for that alone; at least
    /// 1. They come in bursts, so it is well above `loadBound`.
    package var inFlightBound = 4.0
    /// Requests at once that are too few to call a slot busy, however idle the others are.
    package var inFlightHeadroom = 4

    package init() {}
}
