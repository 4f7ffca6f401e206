/// How a model's requests are treated; the configuration's `pipeline` as the stages need it.
package struct PipelineOptions: Sendable, Equatable {
    /// How far blocks may be put in order, see `Arranger`. With `off` no stage changes a byte.
    ///
    /// What that is for, the prompt being tools, instructions and messages in the vendor's order, byte for byte, cache marks
    /// left out:
    ///
    /// - `off`: a request's prompt is a prefix of the next one's if the client's own was.
    /// - `safe`: it is, up to its last message's end, though the client's encoder puts tools and the keys of schemas and
    ///   arguments in another order each time, or spells them otherwise.
    /// - `full`: it is, up to what was moved out of the system prompt, though times, ids and counters stand there. The moved
    ///   text stands behind all that the user or a tool said last, in their message or right behind it. The client does not send
    ///   it again: the next prompt goes on with the answer where it stood. So neither it nor the answer that a vendor kept
    ///   behind it is read from a cache, and of vendors that store prompts whole (DeepSeek's units) what came last before it
    ///   is read a request later.
    ///
    /// Cuts of the history break this, at most so often as `HistoryStride` counts; tools and instructions stay even then, but
    /// for what the system says between turns.
    package enum Arrangement: Sendable { case off, safe, full }

    /// Who sets cache marks: the gateway beside the client, nobody (the client's are taken out), or the client alone.
    package enum CacheMarks: Sendable { case auto, off, client }

    package var arrange = Arrangement.safe
    package var cache = CacheMarks.auto
    /// Tokens of history, by estimate and without the current turn, past which it is cut in strides of half as many, see
    /// `HistoryStride`; 0: never.
    package var maxHistoryTokens = 0
    /// Refuse what a target cannot carry, instead of leaving it out and saying so.
    package var isStrict = false

    package init() {}
}
