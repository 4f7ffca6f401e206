package import NIOCore

/// Base64 over buffers (RFC 4648, section 4), of either alphabet when reading.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// In the standard alphabet, padded.
    package static func encoded(_ bytes: ByteBuffer) -> ByteBuffer {
        var result = ByteBuffer()
        result.reserveCapacity((bytes.readableBytes + 2) / 3 * 4)
        var group: UInt32 = 0
        var count = 0
        func digit(_ shift: UInt32) -> UInt8 { alphabet[Int((group >> shift) & 63)] }
        for byte in bytes.readableBytesView {
            group = group << 8 | UInt32(byte)
            count += 1
            guard count == 3 else { continue }
            result.writeMultipleIntegers(digit(18), digit(12), digit(6), digit(0))
            group = 0
            count = 0
        }
        let pad = UInt8(ascii: "=")
        if count == 1 {
            group <<= 16
            result.writeMultipleIntegers(digit(18), digit(12), pad, pad)
        } else if count == 2 {
            group <<= 8
            result.writeMultipleIntegers(digit(18), digit(12), digit(6), pad)
        }
        return result
    }

    /// What the text stands for; nil: it is no base64. Padding may be missing.
    package static func decoded(_ text: ByteBuffer) -> ByteBuffer? {
        var result = ByteBuffer()
        result.reserveCapacity(text.readableBytes / 4 * 3 + 3)
        var group: UInt32 = 0
        var bits = 0
        var isPadded = false
        for byte in text.readableBytesView {
            if byte == UInt8(ascii: "=") {
                isPadded = true
                continue
            }
            guard !isPadded, let value = value(of: byte) else { return nil }
            group = (group << 6 | value) & 0xFF_FFFF
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            result.writeInteger(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
        }
        return bits == 6 ? nil : result
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
