package import Wire

/// A piece of a message.
package struct Part: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case text(JSONText)
        /// The model's own words for that it will not answer.
        case refusal(JSONText)
        case image(Media)
        case audio(Media)
        /// A document: PDF, plain text and the like.
        case file(Media)
        case toolCall(ToolCall)
        case toolResult(ToolResult)
        case reasoning(Reasoning)
        /// What only its own form knows (hosted tools' items, citations' blocks): `kind` is its type's name there.
        case other(JSONFragment, kind: String)
    }

    package var content: Content
    package var cacheMark: CacheMark?
    /// Citations of a text, an array as its form writes it.
    package var citations: JSONFragment?

    package init(_ content: Content, cacheMark: CacheMark? = nil, citations: JSONFragment? = nil) {
        self.content = content
        self.cacheMark = cacheMark
        self.citations = citations
    }
}

/// An image, a sound or a file.
package struct Media: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        /// To be fetched by the vendor; `http`, `https` or a vendor's own scheme. Never a `data:` URL.
        case url(JSONText)
        /// Base64 text.
        case base64(JSONText)
        /// Plain text, for a document given as such.
        case plainText(JSONText)
        /// An id that only the form's own vendor knows.
        case fileID(JSONText)
    }

    package var source: Source
    /// `image/png`, `audio/wav`, `application/pdf`; nil: not said, as with most URLs.
    package var mediaType: JSONText?
    package var fileName: JSONText?
    /// How closely an image is to be looked at, as OpenAI spells it.
    package var detail: JSONText?

    package init(_ source: Source, mediaType: JSONText? = nil, fileName: JSONText? = nil, detail: JSONText? = nil) {
        self.source = source
        self.mediaType = mediaType
        self.fileName = fileName
        self.detail = detail
    }
}

/// What the model thought before it spoke.
package struct Reasoning: Sendable, Equatable {
    /// The thoughts or their summary; empty where the vendor keeps them to itself.
    package var text: JSONText
    /// What lets the vendor take its own thoughts back: Anthropic's `signature`, Responses' `encrypted_content`, Gemini's
    /// `thoughtSignature`. Worth something to that vendor alone.
    package var signature: Signature?
    /// Anthropic's `redacted_thinking.data`: then `text` is empty.
    package var redacted: Signature?
    /// The id of the item (Responses); nil elsewhere.
    package var id: JSONText?

    package init(text: JSONText = .empty, signature: Signature? = nil, redacted: Signature? = nil, id: JSONText? = nil) {
        self.text = text
        self.signature = signature
        self.redacted = redacted
        self.id = id
    }
}
