/// A place in a prompt where a mark stands or could stand.
struct CachePoint: Equatable {
    let place: CachePlan.Place
    /// nil: the mark is there already.
    let target: PromptOutline.Target?
    /// Tokens and content blocks of the prompt up to here.
    let tokens: Int64
    let blocks: Int
    /// Thousandths of a further request that will begin with the prompt up to here.
    let reuses: Int64
    /// What a mark that is there asks for; nil: ours to decide.
    let fixed: CacheLife?
}

/// The few places worth a thought, and what of the prompt is in the cache.
///
/// The end of the tools, of the instructions, of the documents; the end of the request before this one, where it set its own
/// last mark: its entry is found there however many blocks have come since; where more have come than a vendor looks back,
/// one within reach of the end; the end; and a place in the history that stays the same while the prompt doubles, which is
/// read by who takes back some turns.
struct CachePoints {
    /// A mark finds entries 20 blocks back (Anthropic, Qwen): one within 15 leaves room for a turn that grows.
    private static let bridgeBlocks = 15
    /// Sums of estimates differ by what each was rounded.
    static let roundingTokens: Int64 = 8

    /// In the order of the prompt.
    private(set) var points: [CachePoint] = []
    let forecast: CacheForecast
    /// The longest prefix that is in the cache.
    let warmTokens: Int64
    /// Blocks of that prefix.
    let warmBlocks: Int
    let clientMarks: Int

    private let outline: PromptOutline
    /// Sums of tokens and blocks up to each piece and with it.
    private let tokenSums: [Int64]
    private let blockSums: [Int]
    /// Pieces from here on will not be read again.
    private let limit: Int

    init(_ outline: PromptOutline, _ rules: CacheRules, _ outlook: CacheOutlook, minimumTokens: Int64) {
        var (tokenSums, blockSums): ([Int64], [Int]) = ([], [])
        tokenSums.reserveCapacity(outline.pieces.count)
        blockSums.reserveCapacity(outline.pieces.count)
        for piece in outline.pieces {
            tokenSums.append((tokenSums.last ?? 0) &+ piece.tokens)
            blockSums.append((blockSums.last ?? 0) &+ piece.blocks)
        }
        let structure = Structure(outline, tokenSums, blockSums)
        var warm = outline.warmTokens
        if outline.isPreviousEndWarm, let previous = structure.previousEnd { warm = max(warm, tokenSums[previous]) }
        warm = min(warm, tokenSums.last ?? 0)
        warmTokens = warm
        warmBlocks = tokenSums.lastIndex { $0 <= warm + Self.roundingTokens }.map { blockSums[$0] } ?? 0
        let systemTokens = structure.systemEnd.map { tokenSums[$0] } ?? 0
        forecast = CacheForecast(
            outlook, turns: structure.turns, hasTools: structure.toolsEnd != nil,
            endsWithResult: outline.pieces.last?.speaker == .result,
            isSharedWarm: systemTokens > 0 && outline.warmTokens + Self.roundingTokens >= systemTokens,
            isSystemDoubtful: outline.isSystemDoubtful)
        clientMarks = outline.clientMarks + (outline.automaticMark == nil ? 0 : 1)
        self.outline = outline
        self.tokenSums = tokenSums
        self.blockSums = blockSums
        limit = outline.pieces.firstIndex(where: \.isVolatile) ?? outline.pieces.count
        collect(structure, rules, minimumTokens)
    }

    private mutating func collect(_ structure: Structure, _ rules: CacheRules, _ minimumTokens: Int64) {
        var places: [(CachePlan.Place, Int)] = []
        func add(_ place: CachePlan.Place, _ position: Int?) {
            guard let position, !places.contains(where: { $0.1 == position }) else { return }
            places.append((place, position))
        }
        add(.tools, structure.toolsEnd)
        add(.system, structure.systemEnd)
        add(.documents, structure.documentsEnd)
        // An automatic mark stands at the end already, unless that is what was moved there.
        if outline.automaticMark == nil && !rules.marksEnd || outline.pieces.last?.isVolatile ?? false {
            add(.end, structure.end)
        }
        add(.previousEnd, structure.previousEnd)
        if rules.lookBack != nil, let end = structure.end, let previous = structure.previousEnd,
            blockSums[end] - blockSums[previous] > Self.bridgeBlocks
        {
            add(.bridge, structure.first(after: previous, within: Self.bridgeBlocks, of: end))
        }
        add(.history, structure.lasting)
        for (place, position) in places where position < limit && tokenSums[position] >= minimumTokens {
            guard let target = outline.pieces[position].target else { continue }
            points.append(point(place, position, target: target, fixed: nil))
        }
        addFixed(structure, rules)
        points.sort { ($0.tokens, $0.blocks) < ($1.tokens, $1.blocks) }
    }

    /// The client's marks, and those the vendor sets at the end.
    private mutating func addFixed(_ structure: Structure, _ rules: CacheRules) {
        if outline.clientMarks > 0 {
            for (position, piece) in outline.pieces.enumerated() {
                guard let life = piece.clientLife else { continue }
                points.append(point(structure.place(of: position), position, target: nil, fixed: life))
            }
        }
        let last = outline.pieces.count - 1
        if let life = outline.automaticMark ?? (rules.marksEnd ? .short : nil), last >= 0,
            outline.pieces[last].clientLife == nil
        {
            points.append(point(.end, last, target: nil, fixed: life))
        }
    }

    private func point(
        _ place: CachePlan.Place, _ position: Int, target: PromptOutline.Target?, fixed: CacheLife?
    ) -> CachePoint {
        CachePoint(
            place: place, target: target, tokens: tokenSums[position], blocks: blockSums[position],
            reuses: position < limit ? forecast.reuses(place) : 0, fixed: fixed)
    }
}

/// Where things end in an outline: positions of pieces.
private struct Structure {
    var toolsEnd: Int?
    var systemEnd: Int?
    var documentsEnd: Int?
    var previousEnd: Int?
    var lasting: Int?
    var end: Int?
    /// Answers in the history.
    var turns = 0

    private let outline: PromptOutline
    private let blockSums: [Int]

    init(_ outline: PromptOutline, _ tokenSums: [Int64], _ blockSums: [Int]) {
        self.outline = outline
        self.blockSums = blockSums
        let pieces = outline.pieces
        let turnsBegin = pieces.firstIndex { $0.speaker.takesTurns } ?? pieces.count
        toolsEnd = pieces[..<turnsBegin].lastIndex { $0.speaker == .tools }
        systemEnd = pieces[..<turnsBegin].lastIndex { $0.speaker == .system && $0.target != nil }
        documentsEnd = pieces[..<turnsBegin].lastIndex { $0.speaker == .document && $0.target != nil }
        guard turnsBegin < pieces.count else { return }
        for position in turnsBegin..<pieces.count
        where pieces[position].speaker == .assistant
            && (position == turnsBegin || pieces[position - 1].speaker != .assistant)
        {
            turns += 1
        }
        end = pieces.indices.last { $0 >= turnsBegin && pieces[$0].speaker != .assistant && pieces[$0].target != nil }
        let answered = pieces.lastIndex { $0.speaker == .assistant }
        previousEnd = answered.flatMap { last in
            pieces[turnsBegin..<last].lastIndex { $0.speaker != .assistant && $0.target != nil }
        }
        lasting = lastingPlace(from: turnsBegin, tokenSums)
    }

    /// The first place behind the largest power of two that is at most half of the prompt's tokens.
    private func lastingPlace(from start: Int, _ tokenSums: [Int64]) -> Int? {
        guard let previousEnd, let total = tokenSums.last, total >= 2 else { return nil }
        let stride: Int64 = 1 << (63 - (total / 2).leadingZeroBitCount)
        return (start..<previousEnd).first {
            tokenSums[$0] >= stride && outline.pieces[$0].speaker != .assistant && outline.pieces[$0].target != nil
        }
    }

    func first(after position: Int, within blocks: Int, of end: Int) -> Int? {
        guard position < end else { return nil }
        return (position + 1..<end).first {
            blockSums[end] - blockSums[$0] <= blocks && outline.pieces[$0].target != nil
        }
    }

    /// What a mark of the client's at this piece stands for.
    func place(of position: Int) -> CachePlan.Place {
        switch outline.pieces[position].speaker {
        case .tools: return .tools
        case .system: return .system
        case .document: return .documents
        case .user, .result, .assistant:
            if position == outline.lastLasting { return .end }
            return position < previousEnd ?? 0 ? .history : .previousEnd
        }
    }
}
