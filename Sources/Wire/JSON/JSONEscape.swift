package import NIOCore

/// Writes scalars in JSON's spelling.
package enum JSONEscape {
    /// Appends `value` as a JSON string, quotes included.
    package static func write(_ value: String, into buffer: inout ByteBuffer) {
        var value = value
        value.withUTF8 { write(UnsafeRawBufferPointer($0), into: &buffer) }
    }

    /// Appends `bytes` as a JSON string, quotes included; each byte that is not part of a UTF-8 scalar as U+FFFD.
    package static func write(_ bytes: UnsafeRawBufferPointer, into buffer: inout ByteBuffer) {
        guard let base = bytes.baseAddress else {
            buffer.writeStaticString("\"\"")
            return
        }
        guard JSONStringScan.skipPlain(base, from: 0, count: bytes.count) == bytes.count else {
            buffer.reserveCapacity(minimumWritableBytes: bytes.count &+ 2)
            buffer.writeInteger(JSONByte.quote)
            writeContent(base, count: bytes.count, into: &buffer)
            buffer.writeInteger(JSONByte.quote)
            return
        }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count &+ 2) { room in
            room[0] = JSONByte.quote
            UnsafeMutableRawBufferPointer(rebasing: room[1...]).copyMemory(from: bytes)
            room[bytes.count &+ 1] = JSONByte.quote
            return bytes.count &+ 2
        }
    }

    private static func writeContent(_ base: UnsafeRawPointer, count: Int, into buffer: inout ByteBuffer) {
        var copied = 0
        var position = 0
        while position < count {
            position = JSONStringScan.skipPlain(base, from: position, count: count)
            guard position < count else { break }
            let byte = base.load(fromByteOffset: position, as: UInt8.self)
            if byte >= 0x80 {
                let end = UTF8Scan.skipMultibyte(base, from: position, count: count)
                position = end < 0 ? ~end : end
                if end >= 0 { continue }
            }
            buffer.writeBytes(UnsafeRawBufferPointer(start: base + copied, count: position &- copied))
            writeEscape(of: base.load(fromByteOffset: position, as: UInt8.self), into: &buffer)
            position &+= 1
            copied = position
        }
        buffer.writeBytes(UnsafeRawBufferPointer(start: base + copied, count: count &- copied))
    }

    private static func writeEscape(of byte: UInt8, into buffer: inout ByteBuffer) {
        switch byte {
        case JSONByte.quote: buffer.writeStaticString("\\\"")
        case JSONByte.backslash: buffer.writeStaticString("\\\\")
        case 0x08: buffer.writeStaticString("\\b")
        case 0x09: buffer.writeStaticString("\\t")
        case 0x0A: buffer.writeStaticString("\\n")
        case 0x0C: buffer.writeStaticString("\\f")
        case 0x0D: buffer.writeStaticString("\\r")
        case 0..<0x20:
            buffer.writeStaticString("\\u00")
            buffer.writeInteger(hexDigit(byte >> 4))
            buffer.writeInteger(hexDigit(byte & 0xF))
        default: buffer.writeStaticString("\u{FFFD}")
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? JSONByte.zero &+ value : UInt8(ascii: "a") &+ value &- 10
    }
}
