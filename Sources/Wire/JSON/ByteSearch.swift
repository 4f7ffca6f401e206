/// Looks for short sequences of bytes in long ones.
package enum ByteSearch {
    /// The third and fourth byte of a needle: in JSON rarer than the quote and the letter it may begin with.
    private struct Pair {
        static let offset = 2
        let first: UInt8
        let second: UInt8

        init(_ needle: StaticString) {
            (first, second) = needle.withUTF8Buffer { $0.count >= 4 ? ($0[2], $0[3]) : (0, 0) }
        }

        @inline(__always)
        func matches(_ block: SIMD16<Int8>, _ next: SIMD16<Int8>) -> SIMDMask<SIMD16<Int8>> {
            ByteBlock.equal(block, first) .& ByteBlock.equal(next, second)
        }
    }

    /// Whether one of three needles stands somewhere in `bytes`, each of four bytes at least; shorter ones are not found.
    package static func contains(
        _ bytes: UnsafeRawBufferPointer, _ one: StaticString, _ two: StaticString, _ three: StaticString
    ) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        let pairs = (Pair(one), Pair(two), Pair(three))
        func standsWithin(_ range: Range<Int>) -> Bool {
            range.contains(where: { place in
                let start = place &- Pair.offset
                return stands(one, at: start, bytes) || stands(two, at: start, bytes) || stands(three, at: start, bytes)
            })
        }
        var position = 0
        while position &+ ByteBlock.width < bytes.count {
            let block = ByteBlock.load(base, position)
            let next = ByteBlock.load(base, position &+ 1)
            let matches =
                pairs.0.matches(block, next) .| pairs.1.matches(block, next) .| pairs.2.matches(block, next)
            let behind = position &+ ByteBlock.width
            if !ByteBlock.isEmpty(ByteBlock.words(matches)), standsWithin(position..<behind) { return true }
            position = behind
        }
        return standsWithin(position..<bytes.count)
    }

    private static func stands(_ needle: StaticString, at start: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let count = needle.utf8CodeUnitCount
        guard start >= 0, count >= 4, bytes.count &- start >= count else { return false }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<(start &+ count)]).spells(needle)
    }
}
