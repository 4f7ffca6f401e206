import NIOCore
import Wire

/// Foreign signatures in the place of `encrypted_content`.
///
/// Thoughts that only their vendor can read have one field here too: `redacted.` before their data tells them from a
/// signature. No vendor's data can begin so, for it is base64.
enum ResponsesSeal {
    private static let mark: StaticString = "redacted."

    /// The `encrypted_content` that a client is given.
    static func sealed(_ signature: Signature, isRedacted: Bool) -> JSONText {
        guard isRedacted else { return signature.sealed(for: .openAIResponses) }
        let value = JSONText(content: ByteBuffer(staticString: mark)).joined(with: signature.value, separator: "")
        return Signature(origin: signature.origin, value: value).sealed(for: .openAIResponses)
    }

    /// What a client sent back.
    static func opened(_ text: JSONText) -> (signature: Signature, isRedacted: Bool) {
        let signature = Signature.opened(text, from: .openAIResponses)
        var content = signature.value.content
        let isRedacted = mark.withUTF8Buffer { content.readableBytesView.starts(with: $0) }
        guard isRedacted else { return (signature, false) }
        content.moveReaderIndex(forwardBy: min(mark.utf8CodeUnitCount, content.readableBytes))
        return (Signature(origin: signature.origin, value: JSONText(content: content)), true)
    }
}
