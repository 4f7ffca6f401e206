import NIOCore
import Wire

/// What one part says. Both may be there: a text's signature is a block of thought behind it.
struct GeminiReading {
    var part: Part?
    var thought: Reasoning?

    var parts: [Part] { (part.map { [$0] } ?? []) + (thought.map { [Part(.reasoning($0))] } ?? []) }
}

/// Gathers the parts of one turn of the model, which came in pieces: texts that follow each other are one, and so are
/// thoughts up to the piece with their signature. Linear in what it is given.
struct GeminiJoiner {
    private enum Kind { case none, text, thought }

    private var parts: [Part] = []
    /// What the last pieces are, which the next may go on with.
    private var kind = Kind.none
    private var first = JSONText.empty
    /// All pieces, where there are several.
    private var gathered = ByteBuffer()

    mutating func add(_ reading: GeminiReading) {
        switch reading.part?.content {
        case .text(let text): goOn(.text, text)
        case .refusal, .image, .audio, .file, .toolCall, .toolResult, .reasoning, .other:
            close()
            if let part = reading.part { parts.append(part) }
        case nil: break
        }
        if let thought = reading.thought { add(thought) }
    }

    private mutating func add(_ thought: Reasoning) {
        guard thought.redacted == nil, kind == .thought || !thought.text.isEmpty else {
            close()
            parts.append(Part(.reasoning(thought)))
            return
        }
        goOn(.thought, thought.text)
        if let signature = thought.signature { close(signature) }
    }

    /// The parts so far; the next ones are another turn's.
    mutating func take() -> [Part] {
        close()
        defer { parts = [] }
        return parts
    }

    private mutating func goOn(_ next: Kind, _ piece: JSONText) {
        if kind != next {
            close()
            kind = next
            first = piece
            return
        }
        if gathered.readableBytes == 0 { gathered.writeImmutableBuffer(first.content) }
        gathered.writeImmutableBuffer(piece.content)
    }

    private mutating func close(_ signature: Signature? = nil) {
        let whole = gathered.readableBytes == 0 ? first : JSONText(content: gathered)
        switch kind {
        case .none: return
        case .text: parts.append(Part(.text(whole)))
        case .thought: parts.append(Part(.reasoning(Reasoning(text: whole, signature: signature))))
        }
        kind = .none
        first = .empty
        gathered = ByteBuffer()
    }
}
