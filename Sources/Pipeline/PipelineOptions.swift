/// How a model's requests are treated; the configuration's `pipeline` as the stages need it.
package struct PipelineOptions: Sendable, Equatable {
    /// How far blocks may be put in order, see `Arranger`. With `off` no stage changes a byte.
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
