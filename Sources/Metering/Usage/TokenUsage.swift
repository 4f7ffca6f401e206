/// The tokens of one upstream answer, each counted in exactly one member.
///
/// Unit: tokens as counted by the vendor. Every member is ≥ 0. Vendors count in two ways, and the adapters tell them
/// apart: OpenAI's prompt count includes cached tokens, Anthropic's input count excludes them.
package struct TokenUsage: Sendable, Hashable {
    /// Input that no cache served and none stored.
    package var uncachedInput: Int64 = 0
    package var cacheRead: Int64 = 0
    /// Stored for five minutes, or for the vendor's only lifetime.
    package var cacheWrite5m: Int64 = 0
    /// Stored for an hour or longer.
    package var cacheWrite1h: Int64 = 0
    /// Output that is not reasoning.
    package var visibleOutput: Int64 = 0
    package var reasoning: Int64 = 0
    /// Audio tokens, in and out.
    package var audio: Int64 = 0
    /// Image tokens, in and out.
    package var image: Int64 = 0

    package init() {}

    /// All input, cached and written included.
    package var promptTokens: Int64 { uncachedInput &+ cacheRead &+ cacheWrite5m &+ cacheWrite1h }
    /// All output, reasoning included.
    package var completionTokens: Int64 { visibleOutput &+ reasoning }
    package var cacheWrite: Int64 { cacheWrite5m &+ cacheWrite1h }
}
