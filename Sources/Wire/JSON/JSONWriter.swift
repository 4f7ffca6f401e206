package import NIOCore

/// Appends JSON to a `ByteBuffer`: commas by itself, strings always valid JSON and UTF-8, nothing allocated but the buffer.
///
/// What it cannot know it takes on trust: that containers are closed as they were opened, that each key has one value, and
/// that what `raw` splices is JSON.
package struct JSONWriter: Sendable {
    /// What has been written, behind what the buffer held before.
    package private(set) var buffer: ByteBuffer
    /// A value precedes in the open container.
    private var needsComma = false

    /// Writes behind what `buffer` holds.
    package init(_ buffer: consuming ByteBuffer = ByteBuffer()) {
        self.buffer = buffer
    }

    /// Appends one value to `buffer`: `body` writes it.
    package static func write(into buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(buffer)
        // The writer must be the memory's only owner, or the first byte would copy it.
        buffer = ByteBuffer()
        writer.buffer.reserveCapacity(minimumWritableBytes: 256)
        body(&writer)
        buffer = writer.buffer
    }

    package mutating func beginObject() { open(JSONByte.openBrace) }
    package mutating func endObject() { close(JSONByte.closeBrace) }
    package mutating func beginArray() { open(JSONByte.openBracket) }
    package mutating func endArray() { close(JSONByte.closeBracket) }

    /// An object whose members `body` writes.
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        beginObject()
        body(&self)
        endObject()
    }

    /// An array whose elements `body` writes.
    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        beginArray()
        body(&self)
        endArray()
    }

    /// A member's key; exactly one value follows.
    ///
    /// - Parameter name: written as it is: nothing in it may need an escape.
    package mutating func key(_ name: StaticString) {
        let count = name.utf8CodeUnitCount
        append(count &+ 3) { room in
            room[0] = JSONByte.quote
            name.withUTF8Buffer { UnsafeMutableRawBufferPointer(rebasing: room[1...]).copyBytes(from: $0) }
            room[count &+ 1] = JSONByte.quote
            room[count &+ 2] = JSONByte.colon
        }
        needsComma = false
    }

    /// A member's key; exactly one value follows.
    package mutating func key(_ name: String) {
        separate()
        JSONEscape.write(name, into: &buffer)
        buffer.writeInteger(JSONByte.colon)
        needsComma = false
    }

    package mutating func string(_ value: String) {
        separate()
        JSONEscape.write(value, into: &buffer)
        needsComma = true
    }

    package mutating func string(_ value: StaticString) {
        separate()
        value.withUTF8Buffer { JSONEscape.write(UnsafeRawBufferPointer($0), into: &buffer) }
        needsComma = true
    }

    /// A string of bytes from anywhere: what is not UTF-8 becomes U+FFFD, once for each byte that fits nowhere.
    package mutating func string(utf8 bytes: UnsafeRawBufferPointer) {
        separate()
        JSONEscape.write(bytes, into: &buffer)
        needsComma = true
    }

    /// A string of bytes from anywhere, as `string(utf8:)`.
    package mutating func string(_ value: ByteBuffer) {
        value.withUnsafeReadableBytes { string(utf8: $0) }
    }

    /// A string whose escapes are written already: `content` is what stands between the quotes.
    package mutating func string(content: ByteBuffer) {
        content.withUnsafeReadableBytes { content in
            append(content.count &+ 2) { room in
                room[0] = JSONByte.quote
                UnsafeMutableRawBufferPointer(rebasing: room[1...]).copyMemory(from: content)
                room[content.count &+ 1] = JSONByte.quote
            }
        }
        needsComma = true
    }

    package mutating func integer(_ value: Int64) {
        var magnitude = value.magnitude
        var count = value < 0 ? 2 : 1
        var rest = magnitude
        while rest > 9 {
            rest /= 10
            count &+= 1
        }
        append(count) { room in
            var place = count
            repeat {
                place &-= 1
                room[place] = JSONByte.zero &+ UInt8(truncatingIfNeeded: magnitude % 10)
                magnitude /= 10
            } while magnitude > 0
            if value < 0 { room[0] = JSONByte.minus }
        }
        needsComma = true
    }

    package mutating func integer(_ value: Int) { integer(Int64(value)) }

    package mutating func integer(_ value: some FixedWidthInteger) {
        if let value = Int64(exactly: value) { return integer(value) }
        var digits = String(value)
        digits.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
    }

    package mutating func bool(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    package mutating func null() {
        raw("null")
    }

    /// A value written elsewhere, spliced as it is: it must be one JSON value.
    package mutating func raw(_ json: StaticString) {
        append(json.utf8CodeUnitCount) { room in json.withUTF8Buffer { room.copyBytes(from: $0) } }
        needsComma = true
    }

    /// A value written elsewhere, spliced as it is: it must be one JSON value.
    package mutating func raw(_ json: UnsafeRawBufferPointer) {
        append(json.count) { $0.copyMemory(from: json) }
        needsComma = true
    }

    /// A value written elsewhere, spliced as it is: it must be one JSON value.
    package mutating func raw(_ json: ByteBuffer) {
        json.withUnsafeReadableBytes { raw($0) }
    }

    /// Appends `count` bytes, which `fill` writes, behind the comma that is due: one check for room, one move of the end.
    @inline(__always)
    private mutating func append(_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        let comma = needsComma ? 1 : 0
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count &+ comma) { room in
            if comma == 1 { room[0] = JSONByte.comma }
            fill(UnsafeMutableRawBufferPointer(rebasing: room[comma...]))
            return count &+ comma
        }
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(JSONByte.comma) }
    }

    private mutating func open(_ bracket: UInt8) {
        append(1) { $0[0] = bracket }
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.writeInteger(bracket)
        needsComma = true
    }
}
