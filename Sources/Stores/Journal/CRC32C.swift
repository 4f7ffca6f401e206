/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): tells a whole record from a torn or damaged one.
enum CRC32C {
    /// Eight tables, so that eight bytes are taken in one step.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
            tables[byte] = value
        }
        for byte in 0..<256 {
            for table in 1..<8 {
                let before = tables[(table - 1) * 256 + byte]
                tables[table * 256 + byte] = (before >> 8) ^ tables[Int(before & 0xFF)]
            }
        }
        return tables
    }()

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { table in
            var crc: UInt32 = 0xFFFF_FFFF
            var at = 0
            while bytes.count &- at >= 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) ^ UInt64(crc)
                let low = UInt32(truncatingIfNeeded: word)
                let high = UInt32(truncatingIfNeeded: word &>> 32)
                // One expression, for a loop over the tables costs half as much again; only `low` waits for the step before.
                crc =
                    table[index(3, high)] ^ table[index(2, high, 8)] ^ table[index(1, high, 16)]
                    ^ table[index(0, high, 24)] ^ table[index(7, low)] ^ table[index(6, low, 8)]
                    ^ table[index(5, low, 16)] ^ table[index(4, low, 24)]
                at &+= 8
            }
            while at < bytes.count {
                crc = (crc &>> 8) ^ table[index(0, crc ^ UInt32(bytes[at]))]
                at &+= 1
            }
            return ~crc
        }
    }

    /// Where a table has its entry for the byte of `value` that begins at bit `shift`.
    @inline(__always)
    private static func index(_ table: Int, _ value: UInt32, _ shift: UInt32 = 0) -> Int {
        table &* 256 &+ Int((value &>> shift) & 0xFF)
    }
}
