import FoundationEssentials
import NIOCore

/// Header values, without a `String` in between where there need be none.
enum HeaderText {
    /// The value with every control character and line end left out: no value can end its line.
    static func writeValue(_ value: String, to buffer: inout ByteBuffer) {
        var value = value
        let isSafe = value.withUTF8 { $0.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
        if isSafe {
            buffer.writeString(value)
        } else {
            buffer.writeBytes(value.utf8.filter { $0 >= 0x20 && $0 != 0x7F })
        }
    }

    /// Lower-case, with hyphens.
    static func writeUUID(_ id: UUID, to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 36) { target in
            guard target.count >= 36 else { return 0 }
            return withUnsafeBytes(of: id.uuid) { source in
                var at = 0
                for (index, byte) in source.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        target[at] = UInt8(ascii: "-")
                        at += 1
                    }
                    target[at] = hexadecimalDigit(byte >> 4)
                    target[at + 1] = hexadecimalDigit(byte & 0x0F)
                    at += 2
                }
                return at
            }
        }
    }

    /// 16 lower-case hexadecimal digits.
    static func writeHexadecimal(_ value: UInt64, to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 16) { target in
            guard target.count >= 16 else { return 0 }
            for at in 0..<16 {
                target[at] = hexadecimalDigit(UInt8(truncatingIfNeeded: value >> UInt64(60 - at * 4)) & 0x0F)
            }
            return 16
        }
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
    }
}
