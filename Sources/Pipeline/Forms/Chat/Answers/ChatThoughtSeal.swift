import NIOCore
import Wire

/// What proves the thoughts of a message, in the one text that this form's clients keep for it (`reasoning_signature`).
///
/// All thoughts of a message are one text here, `reasoning_content`, and clients join the pieces of a text: so the proof
/// leaves once, whole. Of one block of thoughts it is the block's signature. Of several it is a list: `tr1.l.`, then for
/// each block how long its text and its signature are, a full stop behind each, and the signature; `r` for a block that is
/// in `redacted_reasoning`. Lengths are of UTF-16, which no escaping and no cut changes.
struct ChatThoughtSeal: Sendable {
    private struct Block: Sendable {
        var units = 0
        var signature: Signature?
        var isRedacted = false
    }

    private static let listMark: StaticString = "tr1.l."

    private var blocks: [Block] = []
    /// The last block goes on with the next thought.
    private var isOpen = false

    /// A piece of thought.
    mutating func think(_ text: JSONText) {
        if !isOpen { blocks.append(Block()) }
        isOpen = true
        blocks[blocks.count - 1].units += text.utf16Count
    }

    /// Something else than thoughts follows.
    mutating func close() {
        if isOpen { isOpen = false }
    }

    /// The signature of the open block, or of one without a text.
    mutating func sign(_ signature: Signature) {
        if !isOpen { blocks.append(Block()) }
        isOpen = false
        blocks[blocks.count - 1].signature = signature
    }

    /// A block that only its vendor can read.
    mutating func redact() {
        blocks.append(Block(isRedacted: true))
        isOpen = false
    }

    /// As the client keeps it; nil: nothing is signed.
    var sealed: JSONText? {
        let signatures = blocks.compactMap { block in block.signature.flatMap { $0.value.isEmpty ? nil : $0 } }
        guard let first = signatures.first else { return nil }
        if signatures.count == 1, first.origin != .anthropicMessages || isOneBlock {
            return first.sealed(for: .openAIChat)
        }
        var list = ByteBuffer(staticString: Self.listMark)
        for block in blocks { Self.write(block, to: &list) }
        return JSONText(content: list)
    }

    /// A block of thoughts, and behind it none but redacted ones: in the order in which they are read anyway.
    private var isOneBlock: Bool { blocks.first?.isRedacted == false && blocks.dropFirst().allSatisfy(\.isRedacted) }

    private static func write(_ block: Block, to list: inout ByteBuffer) {
        guard !block.isRedacted else {
            list.writeStaticString("r")
            return
        }
        let proof = block.signature.map { $0.value.isEmpty ? .empty : $0.sealed(for: .openAIChat) } ?? .empty
        list.writeString("\(block.units).\(proof.utf16Count).")
        list.writeImmutableBuffer(proof.content)
    }
}

// MARK: What comes back

extension ChatThoughtSeal {
    /// The thoughts of a message as they were made.
    ///
    /// - Parameters:
    ///   - text: `reasoning_content`.
    ///   - sealed: `reasoning_signature`; nil: there is none. One that is of other thoughts proves nothing.
    ///   - redacted: `redacted_reasoning`.
    static func opened(_ text: JSONText, _ sealed: JSONText?, redacted: [JSONText]) -> [Part] {
        let hidden = redacted.map { Reasoning(redacted: Signature.opened($0, from: .openAIChat)) }
        var thoughts: [Reasoning]
        if let sealed, sealed.isList {
            thoughts = list(text, sealed, hidden) ?? (text.isEmpty ? [] : [Reasoning(text: text)]) + hidden
        } else {
            let signature = sealed.map { Signature.opened($0, from: .openAIChat) }
            thoughts = text.isEmpty && signature == nil ? [] : [Reasoning(text: text, signature: signature)]
            thoughts += hidden
        }
        return thoughts.map { Part(.reasoning($0)) }
    }

    /// nil: the list is not of this text.
    private static func list(_ text: JSONText, _ sealed: JSONText, _ hidden: [Reasoning]) -> [Reasoning]? {
        var thoughts: [Reasoning] = []
        var hidden = hidden[...]
        var text = text.content
        var list = sealed.content
        list.moveReaderIndex(forwardBy: listMark.utf8CodeUnitCount)
        while let first = list.readableBytesView.first {
            if first == UInt8(ascii: "r") {
                list.moveReaderIndex(forwardBy: 1)
                if let next = hidden.popFirst() { thoughts.append(next) }
                continue
            }
            guard let textCount = list.readCount(), let proofCount = list.readCount(),
                let block = text.readUTF16(textCount), let proof = list.readUTF16(proofCount)
            else { return nil }
            let signature = proof.isEmpty ? nil : Signature.opened(proof, from: .openAIChat)
            thoughts.append(Reasoning(text: block, signature: signature))
        }
        return text.readableBytes == 0 ? thoughts + hidden : nil
    }
}

extension JSONText {
    fileprivate var isList: Bool { content.readableBytesView.starts(with: "tr1.l.".utf8) }

    /// Code units of UTF-16 that it means.
    fileprivate var utf16Count: Int { content.utf16(upTo: .max).units }
}

extension ByteBuffer {
    /// Digits and the full stop behind them.
    fileprivate mutating func readCount() -> Int? {
        var count = 0
        for (place, byte) in readableBytesView.prefix(10).enumerated() {
            if byte == UInt8(ascii: ".") {
                moveReaderIndex(forwardBy: place + 1)
                return place == 0 ? nil : count
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            count = count * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return nil
    }

    /// The part of a JSON string's content that means `count` code units; nil: it has fewer, or none ends there.
    fileprivate mutating func readUTF16(_ count: Int) -> JSONText? {
        let (units, length) = utf16(upTo: count)
        guard units == count, let slice = readSlice(length: length) else { return nil }
        return JSONText(content: slice)
    }

    /// The characters that a JSON string's content begins with, escapes among them, up to `limit` code units of UTF-16, or
    /// one more where a pair of them stands there: how many code units they mean, and in how many bytes they stand.
    fileprivate func utf16(upTo limit: Int) -> (units: Int, length: Int) {
        withUnsafeReadableBytes { bytes in
            var (units, place) = (0, 0)
            while place < bytes.count {
                let byte = bytes[place]
                if byte & 0xC0 == 0x80 {
                    place += 1
                    continue
                }
                guard units < limit else { break }
                units += byte >= 0xF0 ? 2 : 1
                if byte == UInt8(ascii: "\\") {
                    place += place + 1 < bytes.count && bytes[place + 1] == UInt8(ascii: "u") ? 6 : 2
                } else {
                    place += 1
                }
            }
            return (units, Swift.min(place, bytes.count))
        }
    }
}
