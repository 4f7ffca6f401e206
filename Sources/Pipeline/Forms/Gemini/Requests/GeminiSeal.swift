import NIOCore
import Wire

/// Thoughts' signatures in the place of `thoughtSignature`.
///
/// Thoughts that only their vendor can read have one field here too: `redacted.` before their data tells them from a
/// signature. No vendor's data can begin so, for it is base64.
enum GeminiSeal {
    private static let mark: StaticString = "redacted."

    /// What a client is given: base64 always, for its package takes nothing else.
    static func sealed(_ reasoning: Reasoning) -> JSONText? {
        guard let redacted = reasoning.redacted else { return reasoning.signature?.sealed(for: .geminiGenerate) }
        return sealed(redacted: redacted)
    }

    static func sealed(redacted: Signature) -> JSONText {
        let value = JSONText(content: ByteBuffer(staticString: mark)).joined(with: redacted.value, separator: "")
        return Signature(origin: redacted.origin, value: value).sealed(for: .geminiGenerate)
    }

    /// Goes with the empty text of a chunk that must have one: a history that holds it is known to be told anew, so that no
    /// vendor is sent an empty text back.
    static let filler = Signature.absent(of: .openAIChat).sealed(for: .geminiGenerate)

    /// What a client sent back; nil: nothing.
    static func reasoning(text: JSONText, _ sealed: JSONText?) -> Reasoning? {
        guard let sealed else { return text.isEmpty ? nil : Reasoning(text: text) }
        let signature = Signature.opened(sealed, from: .geminiGenerate)
        guard !text.isEmpty || !signature.value.isEmpty else { return nil }
        var content = signature.value.content
        guard signature.origin != .geminiGenerate,
            mark.withUTF8Buffer({ content.readableBytesView.starts(with: $0) })
        else { return Reasoning(text: text, signature: signature) }
        content.moveReaderIndex(forwardBy: min(mark.utf8CodeUnitCount, content.readableBytes))
        return Reasoning(
            text: text, redacted: Signature(origin: signature.origin, value: JSONText(content: content)))
    }
}
