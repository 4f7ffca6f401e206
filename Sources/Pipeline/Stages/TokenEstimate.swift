import Wire

/// How many tokens a part of a body comes to, guessed from its bytes alone.
///
/// A quarter token for each ASCII byte, half a token for each two-byte character, one for each three-byte one (CJK), two
/// for each longer one: the densities of byte-pair vocabularies of 100,000 words and more. JSON's own quotes, keys and
/// escapes are counted with the text, which is close to what vendors' chat templates add. Expect ±25 % on English
/// prose and code, up to ±50 % on other text and on text whose every character is escaped.
///
/// Attachments are not read: an image counts 1,000 tokens, sound one for every 4,000 bytes, a file or a video one for every
/// 64, linked ones next to nothing. These may be wrong by a factor of five either way.
enum TokenEstimate {
    private static let quartersPerImage: Int64 = 4_000
    private static let audioBytesPerToken: Int64 = 4_000
    private static let fileBytesPerToken: Int64 = 64

    /// Rounded up; 0 only for an empty span. `attachments` are all of the body's, in its order.
    static func tokens(_ span: Range<Int>, in bytes: UnsafeRawBufferPointer, attachments: [PromptAttachment]) -> Int64 {
        (quarters(span, in: bytes, attachments: attachments) &+ 3) / 4
    }

    /// Quarter tokens of a part of the body.
    static func quarters(_ span: Range<Int>, in bytes: UnsafeRawBufferPointer, attachments: [PromptAttachment]) -> Int64 {
        guard span.upperBound <= bytes.count else { return 0 }
        var quarters: Int64 = 0
        var position = span.lowerBound
        for attachment in attachments[attachments.firstInOrder { $0.span.lowerBound >= span.lowerBound }...] {
            guard attachment.span.lowerBound < span.upperBound else { break }
            quarters &+= self.quarters(UnsafeRawBufferPointer(rebasing: bytes[position..<attachment.span.lowerBound]))
            quarters &+= self.quarters(of: attachment)
            position = attachment.span.upperBound
        }
        quarters &+= self.quarters(UnsafeRawBufferPointer(rebasing: bytes[position..<max(position, span.upperBound)]))
        return quarters
    }

    private static func quarters(of attachment: PromptAttachment) -> Int64 {
        let size = Int64(attachment.span.count)
        switch attachment.kind {
        case .image: return quartersPerImage
        case .audio: return 4 * (1 + size / audioBytesPerToken)
        case .file: return 4 * (1 + size / fileBytesPerToken)
        }
    }

    /// Quarter tokens of UTF-8 text; a character counts with its first byte.
    static func quarters(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        guard let base = bytes.baseAddress else { return 0 }
        var total: Int64 = 0
        var position = 0
        while bytes.count &- position >= 64 {
            if isASCII(base + position) {
                total &+= 64
            } else {
                total &+= quarters64(base + position)
            }
            position &+= 64
        }
        while bytes.count &- position >= 8,
            base.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            total &+= 8
            position &+= 8
        }
        while position < bytes.count {
            total &+= quarters(firstByte: base.load(fromByteOffset: position, as: UInt8.self))
            position &+= 1
        }
        return total
    }

    private static func quarters(firstByte byte: UInt8) -> Int64 {
        switch byte {
        case 0x00...0x7F: 1
        case 0x80...0xBF: 0
        case 0xC0...0xDF: 2
        case 0xE0...0xEF: 4
        default: 8
        }
    }

    @inline(__always)
    private static func load(_ base: UnsafeRawPointer, _ offset: Int) -> SIMD16<UInt8> {
        base.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    /// Whether 64 bytes are all below 0x80.
    @inline(__always)
    private static func isASCII(_ base: UnsafeRawPointer) -> Bool {
        let joined = load(base, 0) | load(base, 16) | load(base, 32) | load(base, 48)
        let words = unsafeBitCast(joined, to: SIMD2<UInt64>.self)
        return (words[0] | words[1]) & 0x8080_8080_8080_8080 == 0
    }

    /// The same table as `quarters(firstByte:)`, sixteen bytes at a time: each further leading one bit adds its share.
    private static func quarters64(_ base: UnsafeRawPointer) -> Int64 {
        var sums = SIMD16<UInt8>(repeating: 0)
        for offset in stride(from: 0, to: 64, by: 16) {
            let block = load(base, offset)
            let one = SIMD16<UInt8>(repeating: 1)
            let bit7 = (block &>> SIMD16<UInt8>(repeating: 7)) & one
            let bit6 = (block &>> SIMD16<UInt8>(repeating: 6)) & bit7
            let bit5 = (block &>> SIMD16<UInt8>(repeating: 5)) & bit6
            let bit4 = (block &>> SIMD16<UInt8>(repeating: 4)) & bit5
            // 1, 0, 2, 4, 8 for zero to four leading ones: four times eight at most fits a lane.
            sums = sums &+ one &- bit7 &+ bit6 &+ bit6 &+ bit5 &+ bit5 &+ bit4 &+ bit4 &+ bit4 &+ bit4
        }
        var total: Int64 = 0
        for lane in 0..<16 { total &+= Int64(sums[lane]) }
        return total
    }
}
