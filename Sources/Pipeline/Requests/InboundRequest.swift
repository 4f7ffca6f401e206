package import Wire

/// A request that has been read and checked. Self-contained: offsets into the body and copies, nothing of the index.
package struct InboundRequest: Sendable {
    package let form: RequestForm
    package let chat: ChatRequestView

    /// What the client asks for by name; never empty.
    package var modelName: String { chat.model }
    package var isStream: Bool { chat.isStream }
}
