package import NIOCore

/// JSON that stands inside a JSON string, as OpenAI's forms keep a call's arguments: one spelling for it too, and one way to
/// escape it.
package enum CanonicalText {
    /// The canonical spelling of the object that the string at `position` holds, as a string with its quotes; nil where it
    /// is spelled so already, holds no JSON object, or one that is not to be respelled.
    ///
    /// - Parameter scratch: for the inner text; holds its index afterwards where it had to be read.
    package static func respelled(
        _ position: Int, of index: JSONIndex, in bytes: UnsafeRawBufferPointer, scratch: inout JSONIndex
    ) -> ByteBuffer? {
        guard let content = index.content(index[position], in: bytes), !content.isEmpty,
            !CanonicalTextScan.isCanonicalObject(content)
        else { return nil }
        var inner = ByteBuffer()
        var isWhole = false
        inner.writeWithUnsafeMutableBytes(minimumWritableBytes: content.count) { room in
            let count = CanonicalString.decode(content, into: room)
            isWhole = count != nil
            return count ?? 0
        }
        guard isWhole else { return nil }
        return inner.withUnsafeReadableBytes { text in
            do throws(JSONError) { try scratch.read(text) } catch { return nil }
            guard scratch.kind(of: 0) == .object else { return nil }
            let json = CanonicalJSON(text, index: scratch)
            let isBare = text.count == scratch.span(0).count
            guard !isBare || !CanonicalString.isCanonical(content) || !json.isCanonical(0) else { return nil }
            var canonical = ByteBuffer()
            guard json.write(0, into: &canonical) else { return nil }
            var quoted = ByteBuffer()
            canonical.withUnsafeReadableBytes { JSONEscape.write($0, into: &quoted) }
            return quoted
        }
    }
}

/// Looks through the escapes of a string that holds a JSON object, without decoding it. What it cannot tell at a glance it
/// takes for not canonical: the text must then be read.
struct CanonicalTextScan {
    private let content: UnsafeRawBufferPointer
    private var position = 0

    private init(_ content: UnsafeRawBufferPointer) {
        self.content = content
    }

    static func isCanonicalObject(_ content: UnsafeRawBufferPointer) -> Bool {
        guard content.first == JSONByte.openBrace else { return false }
        var scan = CanonicalTextScan(content)
        return scan.value(depth: 0) && scan.position == content.count
    }

    private mutating func value(depth: Int) -> Bool {
        guard depth < 32, position < content.count else { return false }
        switch content[position] {
        case JSONByte.openBrace: return object(depth: depth)
        case JSONByte.openBracket: return array(depth: depth)
        case JSONByte.backslash: return string() != nil
        case UInt8(ascii: "t"): return take("true")
        case UInt8(ascii: "f"): return take("false")
        case UInt8(ascii: "n"): return take("null")
        default: return whole()
        }
    }

    private mutating func object(depth: Int) -> Bool {
        position &+= 1
        if take(JSONByte.closeBrace) { return true }
        var previous: Range<Int>?
        repeat {
            guard let key = string(), isPlain(key), precedes(previous, key), take(JSONByte.colon), value(depth: depth &+ 1)
            else { return false }
            previous = key
        } while take(JSONByte.comma)
        return take(JSONByte.closeBrace)
    }

    private mutating func array(depth: Int) -> Bool {
        position &+= 1
        if take(JSONByte.closeBracket) { return true }
        repeat {
            guard value(depth: depth &+ 1) else { return false }
        } while take(JSONByte.comma)
        return take(JSONByte.closeBracket)
    }

    /// The bytes between a string's quotes, each of which is two bytes here.
    private mutating func string() -> Range<Int>? {
        guard take(JSONByte.backslash), take(JSONByte.quote), let base = content.baseAddress else { return nil }
        let start = position
        while true {
            position = JSONStringScan.skipPlain(base, from: position, count: content.count)
            guard position &+ 1 < content.count else { return nil }
            guard content[position] == JSONByte.backslash else {
                position &+= 1
                continue
            }
            switch content[position &+ 1] {
            case JSONByte.quote:
                defer { position &+= 2 }
                return start..<position
            case JSONByte.backslash: guard innerEscape() else { return nil }
            default: return nil
            }
        }
    }

    /// A backslash of the inner text, which is two here, and what it escapes.
    private mutating func innerEscape() -> Bool {
        guard position &+ 3 < content.count else { return false }
        switch content[position &+ 2] {
        case JSONByte.backslash:
            let escaped = content[position &+ 3]
            position &+= 4
            return escaped == JSONByte.quote || escaped == JSONByte.backslash
        case UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position &+= 3
            return true
        case UInt8(ascii: "u"):
            defer { position &+= 7 }
            return CanonicalString.isControl(content, at: position &+ 3)
        default: return false
        }
    }

    private mutating func whole() -> Bool {
        let start = position
        if content[position] == JSONByte.minus { position &+= 1 }
        let digits = position
        while position < content.count, content[position] >= JSONByte.zero, content[position] <= JSONByte.nine {
            position &+= 1
        }
        guard position > digits else { return false }
        return content[digits] != JSONByte.zero || position == digits &+ 1 && start == digits
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < content.count, content[position] == byte else { return false }
        position &+= 1
        return true
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let end = position &+ word.utf8CodeUnitCount
        guard end <= content.count, UnsafeRawBufferPointer(rebasing: content[position..<end]).spells(word) else {
            return false
        }
        position = end
        return true
    }

    /// Its order can be told from its bytes as they stand.
    private func isPlain(_ key: Range<Int>) -> Bool {
        key.allSatisfy { content[$0] != JSONByte.backslash && content[$0] < 0xEE }
    }

    private func precedes(_ previous: Range<Int>?, _ key: Range<Int>) -> Bool {
        guard let previous else { return true }
        return content[previous].lexicographicallyPrecedes(content[key])
    }
}
