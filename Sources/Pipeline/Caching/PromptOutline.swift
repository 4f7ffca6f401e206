import Wire

/// A prompt's pieces in the order vendors render them, as far as marks are concerned.
struct PromptOutline {
    enum Speaker {
        case tools, system, document
        /// The user, and what tools gave back, where the form does not tell them apart.
        case user
        case result
        case assistant

        var takesTurns: Bool {
            switch self {
            case .tools, .system, .document: false
            case .user, .result, .assistant: true
            }
        }
    }

    /// Where a mark would go.
    enum Target: Equatable {
        /// In the client's body.
        case body(PromptPlace)
        /// In a conversation: the last tool, an instruction, a part of a message.
        case tool(Int)
        case instruction(Int)
        case part(message: Int, part: Int)
    }

    struct Piece {
        let speaker: Speaker
        let tokens: Int64
        /// Content blocks.
        let blocks: Int
        /// nil: it bears no mark of ours.
        var target: Target?
        /// The life that the client's marks in it ask for: the shorter, where they differ.
        var clientLife: CacheLife?
        /// What the stages have moved here, and each request has anew: nothing from here on will be read again. Counts for no
        /// tokens.
        var isVolatile = false
    }

    var pieces: [Piece] = []
    /// All the client's, an automatic one left out.
    var clientMarks = 0
    /// The client has the vendor mark the last block.
    var automaticMark: CacheLife?
    /// Tokens of the prompt that were sent to this cache before, and are still there.
    var warmTokens: Int64 = 0
    /// So is what the request before this one sent.
    var isPreviousEndWarm = false
    /// The instructions hold a time of day: the next request's are likely to be others.
    var isSystemDoubtful = false

    /// The last piece that stays.
    var lastLasting: Int? { pieces.lastIndex { !$0.isVolatile } }

    var tokens: Int64 { pieces.reduce(0) { $0 &+ $1.tokens } }

    /// What was moved stands behind the pieces so far: with the last speaker's words.
    mutating func addMoved() {
        pieces.append(Piece(speaker: pieces.last?.speaker ?? .user, tokens: 0, blocks: 1, isVolatile: true))
    }

    /// Takes in what `outlook` says of the request's blocks; `blocks` may be estimated otherwise than the pieces.
    mutating func warm(_ outlook: CacheOutlook, _ blocks: [Block]) {
        guard let count = outlook.warmBlocks, count >= 0 else { return }
        func bounded(_ tokens: Int64) -> Int64 { min(max(0, tokens), 1 << 30) }
        let all = bounded(blocks.reduce(0) { $0 &+ $1.estimatedTokens })
        let warm = bounded(blocks.prefix(count).reduce(0) { $0 &+ $1.estimatedTokens })
        warmTokens = all == 0 ? 0 : warm * bounded(tokens) / all
        // The last block has grown since, and the one before it by its answer, which no request had sent.
        isPreviousEndWarm = (outlook.turnsSeen ?? 0) > 0 && count >= blocks.count - 2
    }
}
