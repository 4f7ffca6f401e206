package import NIOCore
import Wire

extension PreparedRequest {
    private static let seed: UInt64 = 0x7365_7373_696F_6E31

    /// What tells a conversation from others of the same caller: the session's name where the client gave one, else the
    /// model and the first thing its user said, the client's cache marks left out, which move from turn to turn.
    ///
    /// - Parameters:
    ///   - name: a hash of the name; nil: none was given.
    ///   - body: the bytes that this was prepared from.
    ///   - caller: a hash of whose conversation it is.
    package func sessionHash(named name: UInt64?, body: ByteBuffer, caller: UInt64) -> UInt64 {
        let mine = StableHash.mix(Self.seed, caller)
        if let name { return StableHash.mix(mine, name) }
        var model = modelName
        let modelHash = model.withUTF8 { StableHash.hash(UnsafeRawBufferPointer($0), seed: mine) }
        return StableHash.mix(modelHash, openingHash(body))
    }

    /// A hash over the first message behind instructions and documents, or over the prompt where it is one text.
    package func openingHash(_ body: ByteBuffer) -> UInt64 {
        let turn = blocks.first { $0.kind == .historyTurn || $0.kind == .currentTurn }
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
                return StableHash.hash(UnsafeRawBufferPointer(rebasing: bytes[span]), seed: Self.seed)
            }
            kept += bytes[position..<span.upperBound]
            return kept.withUnsafeBytes { StableHash.hash($0, seed: Self.seed) }
        }
    }
}
