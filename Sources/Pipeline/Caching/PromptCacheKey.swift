import NIOCore
import Wire

/// The key that brings a conversation's requests to the same cache, made of hashes alone.
enum PromptCacheKey {
    /// What one key and prefix bears before a vendor spreads them over several machines, each of them cold
    /// (OpenAI's prompt caching guide, read 2026-11).
    private static let requestsPerMinute = 15
    private static let start: UInt64 = 0x7072_6F6D_7074_6B31

    /// The same in every turn of a conversation, but that a busy one has 2, 4, 8… keys, of which `seed` picks one.
    static func key(
        for identity: CacheIdentity, _ prepared: PreparedRequest, body: ByteBuffer, seed: UInt64
    ) -> String {
        let conversation = identity.conversation ?? firstWords(of: prepared, body)
        var hash = StableHash.mix(StableHash.mix(start, identity.tenant), conversation)
        if identity.requestsPerMinute > requestsPerMinute {
            let needed = UInt64(min(identity.requestsPerMinute, 1 << 20) / requestsPerMinute + 1)
            let buckets: UInt64 = 1 << UInt64(64 - (needed - 1).leadingZeroBitCount)
            hash = StableHash.mix(hash, 1 + seed & (buckets - 1))
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The first message behind instructions and documents, without the client's marks, which move from turn to turn.
    private static func firstWords(of prepared: PreparedRequest, _ body: ByteBuffer) -> UInt64 {
        let view = prepared.view
        let turn = prepared.blocks.first { $0.kind == .historyTurn || $0.kind == .currentTurn }
        let first = turn.flatMap { $0.messages.isEmpty ? nil : view.messages[$0.messages.lowerBound].span }
        let span = first ?? view.messagesValue
        return body.withUnsafeReadableBytes { bytes in
            guard span.upperBound <= bytes.count else { return 0 }
            var kept: [UInt8] = []
            var position = span.lowerBound
            for mark in view.cacheMarks where mark.lowerBound >= position && mark.upperBound <= span.upperBound {
                kept += bytes[position..<mark.lowerBound]
                position = mark.upperBound
            }
            guard position > span.lowerBound else {
                return StableHash.hash(UnsafeRawBufferPointer(rebasing: bytes[span]), seed: start)
            }
            kept += bytes[position..<span.upperBound]
            return kept.withUnsafeBytes { StableHash.hash($0, seed: start) }
        }
    }
}
