import NIOCore
import Pipeline

/// A vendor's prompt as its request says it: tools, then instructions, then messages, byte for byte. Left out is what no vendor
/// puts before its model: cache marks, whether a lone text stands in a list, and what separates elements from each other.
///
/// A reader of its own: it knows nothing of the stages.
struct RenderedPrompt: Equatable {
    enum Piece: Equatable, CustomStringConvertible {
        /// A tool's definition.
        case tool(String)
        /// A message, an item or the instructions beside them begin.
        case start
        /// A member besides the content, key and value.
        case member(String)
        /// A text, as it stands between quotes.
        case text(String)
        /// Any other part.
        case part(String)
        /// A part that holds parts begins or ends: what a tool gave back.
        case open, close

        var description: String {
            switch self {
            case .tool(let text): "tool \(text)"
            case .start: "start"
            case .member(let text): "  member \(text)"
            case .text(let text): "  text \(text)"
            case .part(let text): "  part \(text)"
            case .open: "  open"
            case .close: "  close"
            }
        }
    }

    private(set) var pieces: [Piece] = []

    init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// - Parameter form: whose words `body` is in.
    init(_ body: ByteBuffer, in form: RequestForm) throws {
        pieces = try body.withUnsafeReadableBytes { bytes in
            var reader = try PromptReader(bytes)
            reader.read(form)
            return reader.pieces
        }
    }

    func isPrefix(of other: RenderedPrompt) -> Bool { other.pieces.starts(with: pieces) }

    /// Tools and instructions.
    var head: RenderedPrompt {
        let isInstruction = { (piece: Piece) in
            piece == .member(#""role":"system""#) || piece == .member(#""role":"developer""#)
        }
        let end = pieces.indices.first { place in
            guard pieces[place] == .start, place + 1 < pieces.count, case .member = pieces[place + 1] else { return false }
            return !isInstruction(pieces[place + 1])
        }
        return RenderedPrompt(pieces: Array(pieces[..<(end ?? pieces.count)]))
    }

    /// The prompt before the first of `lines`, which are put behind other texts in a text, or in a part or message of their own.
    func before(_ lines: [String]) -> RenderedPrompt {
        for (place, piece) in pieces.enumerated() {
            guard case .text(let text) = piece, let line = lines.compactMap({ text.firstRange(of: $0)?.lowerBound }).min() else {
                continue
            }
            var rest = Array(pieces[..<place])
            let before = text[..<line]
            if before.hasSuffix("\\n\\n") {
                rest.append(.text(String(before.dropLast(4))))
            } else {
                // A message that holds nothing else.
                while let last = rest.last, last.isFrame { rest.removeLast() }
            }
            return RenderedPrompt(pieces: rest)
        }
        return self
    }

    func contains(_ word: String) -> Bool {
        pieces.contains { piece in
            switch piece {
            case .text(let text), .part(let text), .member(let text): text.contains(word)
            case .tool, .start, .open, .close: false
            }
        }
    }

    /// Where two prompts part, for a person to read.
    static func difference(_ one: RenderedPrompt, _ other: RenderedPrompt) -> String {
        let common = zip(one.pieces, other.pieces).prefix { $0 == $1 }.count
        let (left, right) = (one.pieces[common...].prefix(4), other.pieces[common...].prefix(4))
        return "from piece \(common) on\n\(left.map(\.description).joined(separator: "\n"))\n---\n"
            + right.map(\.description).joined(separator: "\n")
    }
}

extension RenderedPrompt.Piece {
    /// What a message begins with before its content.
    fileprivate var isFrame: Bool {
        switch self {
        case .start: true
        case .member(let text): text.hasPrefix(#""role""#) || text == #""type":"message""#
        case .tool, .text, .part, .open, .close: false
        }
    }
}
