package import NIOCore

/// One block of a server-sent event stream: what stands between two blank lines.
package struct SSEEvent: Sendable, Equatable {
    /// The event's type as its last `event` line names it; nil without one and for an empty one (the type is then `message`).
    package var name: ByteBuffer?
    /// What the `data` lines say, joined by line feeds; a slice of `raw` where there is one line. Empty without one.
    package var data: ByteBuffer
    /// The block's bytes as they came, with the blank line that ends it: to be forwarded unchanged. Blank lines before
    /// the block are left out; a byte order mark at the stream's start is in.
    package var raw: ByteBuffer
    /// The block has no `data` line: a comment that keeps the connection alive, or fields alone. It is forwarded, and says
    /// nothing.
    package var isComment: Bool
    /// A blank line ended the block. `false` only for what a stream that broke off left behind (`SSEDecoder.finish`).
    package var isTerminated: Bool
}

/// Why a stream cannot be read further.
package enum SSEError: Error, Equatable {
    /// An event is longer than `maximumEventBytes`, blank line included.
    case eventTooLarge
}
