/// Who speaks in a chat message.
package enum PromptRole: UInt8, Sendable {
    case system, developer, user, assistant, tool, function
    /// A role this version does not know.
    case other
}

/// Where one message of a chat request stands.
package struct PromptMessage: Sendable, Equatable {
    /// The object's bytes, braces included.
    package var span: Range<Int>
    package var role: PromptRole
    /// The content is a list of parts, at least one, and each of them is a file.
    package var isDocument: Bool
    /// The end of its content; nil: no mark can be put there.
    package var place: PromptPlace?
    /// Parts of its content; a text is one.
    package var partCount: UInt32

    package init(
        span: Range<Int>, role: PromptRole, isDocument: Bool = false, place: PromptPlace? = nil, partCount: UInt32 = 1
    ) {
        self.span = span
        self.role = role
        self.isDocument = isDocument
        self.place = place
        self.partCount = partCount
    }
}

/// A content part whose bytes say little about its tokens.
package struct PromptAttachment: Sendable, Equatable {
    package enum Kind: UInt8, Sendable { case image, audio, file }

    package var kind: Kind
    /// The bytes of the member that carries it (`image_url`, `input_audio`, `video_url`, `file`), key left out.
    package var span: Range<Int>
}
