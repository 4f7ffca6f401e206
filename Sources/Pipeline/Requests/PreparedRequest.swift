package import Wire

/// A request after every stage that does not depend on where it goes. Self-contained: offsets into the body and copies.
///
/// Immutable, and a class because an exchange hands it about: a reference instead of some dozen.
package final class PreparedRequest: Sendable {
    package let kind: RequestKind
    /// The request as the stages leave it: messages that they leave out or merge are not in it. Spans count in the client's
    /// body. A cache mark on a tool that leaves in another spelling has an empty span, at the end of the tools.
    package let view: PromptView
    package let path: PathParameters?
    /// See `InboundRequest`.
    package let operation: OperationRequest?
    package let embedding: EmbeddingRequest?
    /// See `InboundRequest`.
    let reading: UInt64
    /// In the order in which vendors render a prompt: tools, system, documents, turns. Never empty.
    package let blocks: [Block]
    /// `chain[i]`: a hash over blocks 0 to i as they leave, cache marks left out. As many as `blocks`.
    package let chain: [UInt64]
    /// The same in finer steps, message by message: where a prompt can be continued.
    package let steps: PromptSteps
    /// The chain up to the current turn, which is left out: the same in every turn of a conversation that only grows by
    /// whole turns, and in every conversation that begins alike. A constant where nothing precedes the current turn.
    package let prefixHash: UInt64
    /// A hash over the whole body, the prompt as it leaves, cache marks on tools, messages and parts left out, white space
    /// between them too. Two bodies with the same hash may differ: compare before one's answer is given for the other's. See
    /// `fullHash(tenant:)`.
    package let fullHash: UInt64
    /// Over the first message behind instructions and documents as the client sent it, cache marks left out; over the prompt where
    /// it is one text.
    package let openingHash: UInt64
    /// nil: no turn precedes the current one.
    package let historyEnds: HistoryEnds?
    package let estimatedInputTokens: Int64
    /// What the stages change for every target. For a target of another form they are applied before the body is read.
    package let edits: JSONEdits
    /// Texts of the system prompt that look like changing with each request, in its order.
    package let volatility: [VolatileText]
    /// nil: nothing was moved.
    let moved: MovedTexts?
    /// Where the history begins; nil: no bound is set, or there is no history.
    package let cut: HistoryCut?

    init(
        _ canonical: borrowing CanonicalRequest, chain: [UInt64], steps: PromptSteps, prefixHash: UInt64,
        fullHash: UInt64, openingHash: UInt64, historyEnds: HistoryEnds?
    ) {
        kind = canonical.arranged.chunked.inbound.kind
        view = canonical.arranged.chunked.inbound.view
        path = canonical.arranged.chunked.inbound.path
        operation = canonical.arranged.chunked.inbound.operation
        embedding = canonical.arranged.chunked.inbound.embedding
        reading = canonical.arranged.chunked.inbound.reading
        blocks = canonical.arranged.chunked.blocks
        self.chain = chain
        self.steps = steps
        self.prefixHash = prefixHash
        self.fullHash = fullHash
        self.openingHash = openingHash
        self.historyEnds = historyEnds
        estimatedInputTokens = canonical.arranged.chunked.blocks.reduce(0) { $0 &+ $1.estimatedTokens }
        edits = canonical.arranged.edits
        volatility = canonical.arranged.chunked.volatileTexts
        moved = canonical.arranged.moved
        cut = canonical.arranged.cut
    }

    package var modelName: String { view.model }
    /// The value of `model` in the body, quotes included; nil: it stands in the path.
    package var modelSpan: Range<Int>? { view.modelValue }
    package var isStream: Bool { view.isStream }
    /// The client asked for the stream's extra usage chunk.
    package var clientWantsUsageChunk: Bool { view.wantsUsageChunk }

    /// The most the answer's choices may have together; nil: the client set no bound.
    package var maximumOutputTokens: Int64? {
        guard let each = view.maximumOutputTokens else { return nil }
        let (product, overflow) = each.multipliedReportingOverflow(by: view.choices)
        return overflow ? .max : product
    }

    /// The client can expect the same answer twice: temperature zero, or a seed.
    package var isDeterministic: Bool { view.isTemperatureZero || view.hasSeed }

    /// What kinds of volatile text the system prompt holds, and which of them still stand in it.
    package var volatileKinds: VolatileKinds {
        volatility.reduce(into: VolatileKinds()) { $0.insert($1.kind, isMoved: $1.isMoved) }
    }

    /// The full hash within one tenant.
    package func fullHash(tenant: UInt64) -> UInt64 { StableHash.mix(fullHash, tenant) }
}
