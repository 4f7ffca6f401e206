import NIOCore
package import Wire

/// Takes a custom tool's text out of the arguments of the function that stood in for it: `{"input":"…"}`, as it comes in
/// pieces.
///
/// The text's escapes are those of a JSON string already, so it is handed on as it stands. Models make mistakes: arguments
/// of another shape are the text themselves, and an escape that JSON does not know means its characters.
package struct CustomToolInput: Sendable {
    private enum State {
        case start, beforeKey
        /// So many bytes of the key and its closing quote have come.
        case key(Int)
        case afterKey, beforeText, text
        /// What is behind the text says nothing.
        case done
        /// It is another shape.
        case plain
    }

    private var state = State.start
    /// What came before the shape was known, as it was written.
    private var seen = ByteBuffer()
    /// An escape that is not whole yet.
    private var escape: [UInt8] = []
    /// The first half of a pair of escapes, which waits for the other: readers join none that come apart.
    private var half: [UInt8] = []

    package init() {}

    /// What `piece` adds to the text; may be empty.
    package mutating func take(_ piece: JSONText) -> JSONText {
        switch state {
        case .plain: return piece
        case .done: return .empty
        case .start, .beforeKey, .key, .afterKey, .beforeText: seen.writeImmutableBuffer(piece.content)
        case .text: break
        }
        var text = ByteBuffer()
        for byte in piece.decoded.readableBytesView {
            guard step(byte, into: &text) else {
                state = .plain
                defer { seen = ByteBuffer() }
                return JSONText(content: seen)
            }
        }
        if case .text = state { seen = ByteBuffer() }
        return JSONText(content: text)
    }

    /// Nothing follows: what was held back.
    package mutating func finish() -> JSONText {
        defer { state = .done }
        switch state {
        case .start, .beforeKey, .key, .afterKey, .beforeText: return JSONText(content: seen)
        case .text:
            var text = ByteBuffer()
            flush(into: &text)
            return JSONText(content: text)
        case .done, .plain: return .empty
        }
    }

    private static let key = Array("input\"".utf8)

    /// False: the arguments are of another shape.
    private mutating func step(_ byte: UInt8, into text: inout ByteBuffer) -> Bool {
        let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
        switch state {
        case .start:
            if byte == UInt8(ascii: "{") { state = .beforeKey } else { return isSpace }
        case .beforeKey:
            switch byte {
            case UInt8(ascii: "\""): state = .key(0)
            case UInt8(ascii: "}"): state = .done
            default: return isSpace
            }
        case .key(let count):
            guard Self.key[count] == byte else { return false }
            state = count + 1 == Self.key.count ? .afterKey : .key(count + 1)
        case .afterKey:
            if byte == UInt8(ascii: ":") { state = .beforeText } else { return isSpace }
        case .beforeText:
            if byte == UInt8(ascii: "\"") { state = .text } else { return isSpace }
        case .text: take(byte, into: &text)
        case .done, .plain: break
        }
        return true
    }

    // MARK: The text

    private mutating func take(_ byte: UInt8, into text: inout ByteBuffer) {
        if !escape.isEmpty {
            if let isWhole = continues(with: byte) {
                escape.append(byte)
                if isWhole { endEscape(into: &text) }
                return
            }
            flush(into: &text)
        }
        if byte == UInt8(ascii: "\\") { return escape.append(byte) }
        flush(into: &text)
        switch byte {
        case UInt8(ascii: "\""): state = .done
        // Models write line ends as they are.
        case ..<0x20: text.writeImmutableBuffer(JSONText(escaping: ByteBuffer(bytes: [byte])).content)
        default: text.writeInteger(byte)
        }
    }

    /// Whether the open escape is whole with `byte`; nil: the byte is no part of it.
    private func continues(with byte: UInt8) -> Bool? {
        guard escape.count == 1 else { return Self.isHexadecimal(byte) ? escape.count == 5 : nil }
        if byte == UInt8(ascii: "u") { return false }
        return Self.simple.contains(byte) ? true : nil
    }

    /// The escape is whole: it is said, unless it is the first half of a pair.
    private mutating func endEscape(into text: inout ByteBuffer) {
        let isHalf = escape.count == 6 && escape[2] | 0x20 == UInt8(ascii: "d") && "89abAB".utf8.contains(escape[3])
        text.writeBytes(half)
        half = isHalf ? escape : []
        if !isHalf { text.writeBytes(escape) }
        escape.removeAll(keepingCapacity: true)
    }

    /// What is open ends here: the first half of a pair stands alone, and the backslash of no escape means itself.
    private mutating func flush(into text: inout ByteBuffer) {
        text.writeBytes(half)
        half = []
        guard !escape.isEmpty else { return }
        text.writeStaticString("\\\\")
        text.writeBytes(escape.dropFirst())
        escape.removeAll(keepingCapacity: true)
    }

    private static let simple = Array(#""\/bfnrt"#.utf8)

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }
}
