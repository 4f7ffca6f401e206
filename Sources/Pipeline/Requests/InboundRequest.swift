package import Wire

/// A request that has been read and checked. Self-contained: offsets into the body and copies, nothing of the index.
package struct InboundRequest: Sendable {
    package let kind: RequestKind
    package let view: PromptView
    /// What the path says, in forms that name the model there.
    package let path: PathParameters?

    /// What the client asks for by name; never empty.
    package var modelName: String { view.model }
    package var isStream: Bool { view.isStream }
}
