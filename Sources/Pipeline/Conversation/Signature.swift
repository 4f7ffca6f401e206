package import NIOCore
package import Wire

/// A vendor's opaque proof, with whose it is: to any other vendor it must not be sent.
package struct Signature: Sendable, Equatable {
    /// The form of the vendor that made it.
    package var origin: RequestForm
    package var value: JSONText

    package init(origin: RequestForm, value: JSONText) {
        self.origin = origin
        self.value = value
    }
}

extension Signature {
    /// Stands for the proof of a vendor that gives none: its thoughts are nobody else's either.
    package static func absent(of vendor: RequestForm) -> Signature { Signature(origin: vendor, value: .empty) }

    /// The signature as a client of another form keeps it: its origin before it. A client of the origin's own form gets
    /// `value` as it is.
    ///
    /// `tr1.` then the origin's letter, a full stop, and the value. Gemini's clients take nothing but base64 (package
    /// google-genai 3.4.0): they get the base64 of that.
    package func sealed(for form: RequestForm) -> JSONText {
        guard form != origin else { return value }
        var sealed = ByteBuffer(string: Self.prefix(of: origin))
        guard form == .geminiGenerate else {
            sealed.writeImmutableBuffer(value.content)
            return JSONText(content: sealed)
        }
        sealed.writeImmutableBuffer(value.decoded)
        return JSONText(content: Base64.encoded(sealed))
    }

    /// What a client sent back: sealed by us for another form, or a signature of the client's own form.
    package static func opened(_ text: JSONText, from form: RequestForm) -> Signature {
        guard form == .geminiGenerate else { return opened(text.content) ?? Signature(origin: form, value: text) }
        if let decoded = Base64.decoded(text.decoded), let signature = opened(decoded) {
            return Signature(origin: signature.origin, value: JSONText(escaping: signature.value.content))
        }
        return Signature(origin: form, value: text)
    }

    /// Whether a body may hold what was sealed for its client: such a body cannot go to a vendor as it is, even one of its
    /// own form.
    package static func mayBeSealed(in body: ByteBuffer) -> Bool {
        body.withUnsafeReadableBytes { ByteSearch.contains($0, "\"tr1.", "\"dHIxL", "_tr1g_") }
    }

    private static func opened(_ content: ByteBuffer) -> Signature? {
        for origin in RequestForm.allCases {
            let prefix = prefix(of: origin)
            guard content.readableBytesView.starts(with: prefix.utf8) else { continue }
            var rest = content
            rest.moveReaderIndex(forwardBy: prefix.utf8.count)
            return Signature(origin: origin, value: JSONText(content: rest))
        }
        return nil
    }

    private static func prefix(of origin: RequestForm) -> String {
        switch origin {
        case .openAIChat: "tr1.c."
        case .openAIResponses: "tr1.r."
        case .anthropicMessages: "tr1.a."
        case .geminiGenerate: "tr1.g."
        }
    }
}
