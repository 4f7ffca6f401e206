import FoundationEssentials

/// A real PNG of eight by eight pixels in one colour, which follows from a text.
enum SamplePicture {
    private static let side = 8

    static func base64(for text: String) -> String { Data(png(for: text)).base64EncodedString() }

    static func png(for text: String) -> [UInt8] {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let colour = SeededGenerator.mix(hash)
        let pixel = (0..<3).map { UInt8(truncatingIfNeeded: colour >> ($0 * 8)) }
        // Each row begins with its filter: none.
        let row: [UInt8] = [0] + Array(repeating: pixel, count: side).joined()
        let rows: [UInt8] = Array(Array(repeating: row, count: side).joined())
        let size = bigEndian(UInt32(side))
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", size + size + [8, 2, 0, 0, 0])
            + chunk("IDAT", zlib(rows))
            + chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + data
        return bigEndian(UInt32(truncatingIfNeeded: data.count)) + named + bigEndian(crc(named))
    }

    /// One stored block, which is enough below 64 KiB.
    private static func zlib(_ data: [UInt8]) -> [UInt8] {
        let length = UInt16(truncatingIfNeeded: data.count)
        let lengths = [length, ~length].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        return [0x78, 0x01, 0x01] + lengths + data + bigEndian(adler(data))
    }

    private static func adler(_ data: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in data {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }

    private static func crc(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
