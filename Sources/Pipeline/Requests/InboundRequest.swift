package import Wire

/// A request that has been read and checked. Self-contained: offsets into the body and copies, nothing of the index.
package struct InboundRequest: Sendable {
    package let kind: RequestKind
    package internal(set) var view: PromptView
    /// What the path says, in forms that name the model there.
    package let path: PathParameters?
    /// The request read as one of OpenAI's operations; nil for every other kind.
    package var operation: OperationRequest?
    /// The texts, of Gemini's form; nil for every other kind.
    package var embedding: EmbeddingRequest?

    /// The reading of the index that it was made from; see `JSONIndex.reading`.
    package var reading: UInt64 = 0

    /// What the client asks for by name; never empty.
    package var modelName: String { view.model }
    package var isStream: Bool { view.isStream }
}
