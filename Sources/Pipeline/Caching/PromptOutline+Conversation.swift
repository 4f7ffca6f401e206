import NIOCore
import Wire

/// The outline of a conversation that is about to be written in another form.
extension PromptOutline {
    /// - Parameter moved: the message whose last part was moved there; nil: none.
    init(_ conversation: Conversation, _ rules: CacheRules, moved: Int? = nil) {
        addTools(of: conversation, rules)
        for (place, instruction) in conversation.instructions.enumerated() {
            var piece = Piece(speaker: .system, tokens: Self.tokens(instruction.text), blocks: 1)
            piece.clientLife = instruction.cacheMark.map(CacheLife.init)
            if !instruction.text.isBlank, piece.clientLife == nil { piece.target = .instruction(place) }
            if instruction.cacheMark != nil { clientMarks += 1 }
            pieces.append(piece)
        }
        for (place, message) in conversation.messages.enumerated() {
            var lasting = message
            if place == moved { lasting.parts.removeLast() }
            if !lasting.parts.isEmpty || place != moved { add(lasting, at: place, rules) }
            if place == moved { addMoved() }
        }
    }

    /// What a choice leaves out of the tools is not known here: then none is marked.
    private mutating func addTools(of conversation: Conversation, _ rules: CacheRules) {
        guard !conversation.tools.isEmpty else { return }
        var piece = Piece(
            speaker: .tools, tokens: conversation.tools.reduce(0) { $0 &+ Self.tokens($1) },
            blocks: conversation.tools.count)
        let marks = conversation.tools.compactMap(\.cacheMark)
        clientMarks += marks.count
        piece.clientLife = marks.last.map(CacheLife.init)
        var isWhole = true
        if case .subset = conversation.toolChoice { isWhole = false }
        if rules.marks == .blocks, isWhole, marks.isEmpty,
            let last = conversation.tools.lastIndex(where: { !$0.isHosted })
        {
            piece.target = .tool(last)
        }
        pieces.append(piece)
    }

    private mutating func add(_ message: Message, at place: Int, _ rules: CacheRules) {
        let marks = message.parts.flatMap(\.cacheMarks)
        clientMarks += marks.count
        let isAssistant = message.role == .assistant
        let hasResult = message.parts.contains { if case .toolResult = $0.content { true } else { false } }
        var piece = Piece(
            speaker: isAssistant ? .assistant : hasResult ? .result : .user,
            tokens: message.parts.reduce(0) { $0 &+ Self.tokens($1) }, blocks: message.parts.count)
        piece.clientLife = marks.last.map(CacheLife.init)
        if !isAssistant, message.role == .user, marks.isEmpty,
            let last = message.parts.lastIndex(where: { $0.bearsMark(rules.marks) })
        {
            piece.target = .part(message: place, part: last)
        }
        pieces.append(piece)
    }

    // MARK: Estimates

    private static let imageTokens: Int64 = 1_000
    private static let bytesPerFileToken: Int64 = 64

    private static func tokens(_ text: JSONText) -> Int64 { tokens(text.content) }

    private static func tokens(_ bytes: ByteBuffer) -> Int64 {
        bytes.withUnsafeReadableBytes { (TokenEstimate.quarters($0) &+ 3) / 4 }
    }

    private static func tokens(_ tool: ToolDefinition) -> Int64 {
        let definition: Int64 =
            switch tool.kind {
            case .function(let schema): schema.map { tokens($0.bytes) } ?? 0
            case .custom(let format): format.map { tokens($0.bytes) } ?? 0
            case .hosted(let fragment, _): tokens(fragment.bytes)
            }
        return definition &+ tokens(tool.name) &+ (tool.description.map { tokens($0) } ?? 0) &+ 10
    }

    private static func tokens(_ part: Part) -> Int64 {
        switch part.content {
        case .text(let text), .refusal(let text): tokens(text)
        case .image: imageTokens
        case .audio(let media), .file(let media): tokens(media)
        case .toolCall(let call): tokens(call.name) &+ tokens(call.arguments) &+ 10
        case .toolResult(let result):
            result.parts.reduce(10) { $0 &+ tokens($1) } &+ (result.object.map { tokens($0.bytes) } ?? 0)
        case .reasoning(let reasoning): tokens(reasoning.text)
        case .other(let fragment, _): tokens(fragment.bytes)
        }
    }

    private static func tokens(_ arguments: ToolArguments) -> Int64 {
        switch arguments {
        case .encoded(let text), .text(let text): tokens(text)
        case .object(let object): tokens(object.bytes)
        }
    }

    private static func tokens(_ media: Media) -> Int64 {
        switch media.source {
        case .plainText(let text): tokens(text)
        case .base64(let data): Int64(data.byteCount) / bytesPerFileToken
        case .url, .fileID: imageTokens
        }
    }
}

extension CacheLife {
    /// What a client's mark asks for.
    init(_ mark: CacheMark) {
        let isLong = mark.timeToLive.map { $0.means("1h") || $0.means("12h") } ?? false
        self = isLong ? .long : .short
    }
}

extension ToolDefinition {
    fileprivate var isHosted: Bool {
        if case .hosted = kind { true } else { false }
    }
}

extension Part {
    /// Its own mark and those within a tool's result.
    var cacheMarks: [CacheMark] {
        var marks: [CacheMark] = []
        if case .toolResult(let result) = content { marks = result.parts.compactMap(\.cacheMark) }
        if let cacheMark { marks.append(cacheMark) }
        return marks
    }

    /// Writers of these marks' form have a place for one here.
    fileprivate func bearsMark(_ marks: CacheRules.Marks) -> Bool {
        switch content {
        case .text(let text): !text.isBlank
        case .image, .file: true
        case .toolResult: marks == .blocks
        case .audio: marks != .blocks
        case .refusal, .toolCall, .reasoning, .other: false
        }
    }
}
