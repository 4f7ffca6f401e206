/// Who speaks in a chat message.
package enum ChatRole: UInt8, Sendable {
    case system, developer, user, assistant, tool, function
    /// A role this version does not know.
    case other
}

/// Where one message of a chat request stands.
package struct ChatMessage: Sendable, Equatable {
    /// The object's bytes, braces included.
    package var span: Range<Int>
    package var role: ChatRole
    /// The content is a list of parts, at least one, and each of them is a file.
    package var isDocument: Bool

    package init(span: Range<Int>, role: ChatRole, isDocument: Bool = false) {
        self.span = span
        self.role = role
        self.isDocument = isDocument
    }
}

/// A content part whose bytes say little about its tokens.
package struct ChatAttachment: Sendable, Equatable {
    package enum Kind: UInt8, Sendable { case image, audio, file }

    package var kind: Kind
    /// The bytes of the member that carries it (`image_url`, `input_audio`, `video_url`, `file`), key left out.
    package var span: Range<Int>
}
