package import NIOCore

/// Appends JSON to a `ByteBuffer`: commas by itself, strings always valid JSON and UTF-8, nothing allocated but the buffer.
///
/// What it cannot know it takes on trust: that containers are closed as they were opened, that each key has one value, and
/// that what `raw` splices is JSON.
package struct JSONWriter: Sendable {
    /// What has been written, behind what the buffer held before; a key is with its value.
    package private(set) var buffer: ByteBuffer
    /// A value precedes in the open container.
    private var needsComma = false
    /// Written with the value it is the key of: one move of the buffer's end for both.
    private var pendingKey: StaticString?

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
        pendingKey = name
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
                room.storeBytes(of: JSONByte.quote, as: UInt8.self)
                if let base = content.baseAddress { (room + 1).copyMemory(from: base, byteCount: content.count) }
                room.storeBytes(of: JSONByte.quote, toByteOffset: content.count &+ 1, as: UInt8.self)
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
                let digit = JSONByte.zero &+ UInt8(truncatingIfNeeded: magnitude % 10)
                room.storeBytes(of: digit, toByteOffset: place, as: UInt8.self)
                magnitude /= 10
            } while magnitude > 0
            if value < 0 { room.storeBytes(of: JSONByte.minus, as: UInt8.self) }
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
        append(json.utf8CodeUnitCount) { Self.copy(json, to: $0) }
        needsComma = true
    }

    /// A value written elsewhere, spliced as it is: it must be one JSON value.
    package mutating func raw(_ json: UnsafeRawBufferPointer) {
        append(json.count) { room in
            if let base = json.baseAddress { room.copyMemory(from: base, byteCount: json.count) }
        }
        needsComma = true
    }

    /// A value written elsewhere, spliced as it is: it must be one JSON value.
    package mutating func raw(_ json: ByteBuffer) {
        json.withUnsafeReadableBytes { raw($0) }
    }

    /// Appends `count` bytes, which `fill` writes to where it is told, behind the comma and the key that are due: one check
    /// for room, one move of the end.
    @inline(__always)
    private mutating func append(_ count: Int, _ fill: (UnsafeMutableRawPointer) -> Void) {
        let comma = needsComma ? 1 : 0
        let key = pendingKey
        let lead = comma &+ (key.map { $0.utf8CodeUnitCount &+ 3 } ?? 0)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: lead &+ count) { room in
            guard let start = room.baseAddress else { return 0 }
            if comma == 1 { start.storeBytes(of: JSONByte.comma, as: UInt8.self) }
            if let key { Self.write(key: key, to: start + comma) }
            fill(start + lead)
            return lead &+ count
        }
        pendingKey = nil
    }

    private static func write(key: StaticString, to room: UnsafeMutableRawPointer) {
        let count = key.utf8CodeUnitCount
        room.storeBytes(of: JSONByte.quote, as: UInt8.self)
        copy(key, to: room + 1)
        room.storeBytes(of: JSONByte.quote, toByteOffset: count &+ 1, as: UInt8.self)
        room.storeBytes(of: JSONByte.colon, toByteOffset: count &+ 2, as: UInt8.self)
    }

    @inline(__always)
    private static func copy(_ text: StaticString, to room: UnsafeMutableRawPointer) {
        if text.hasPointerRepresentation {
            room.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        } else {
            text.withUTF8Buffer { if let base = $0.baseAddress { room.copyMemory(from: base, byteCount: $0.count) } }
        }
    }

    /// Writes what is due before a value that another writes.
    private mutating func separate() {
        append(0) { _ in }
    }

    private mutating func open(_ bracket: UInt8) {
        append(1) { $0.storeBytes(of: bracket, as: UInt8.self) }
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        needsComma = false
        append(1) { $0.storeBytes(of: bracket, as: UInt8.self) }
        needsComma = true
    }
}
