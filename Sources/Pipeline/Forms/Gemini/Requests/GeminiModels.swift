/// What Gemini's models take, by their names (package google-genai 3.4.0 and the API's reference, read 2026-11).
struct GeminiModel: Equatable {
    /// How a model is told how much to think.
    enum Thinking: Equatable {
        /// `thinkingLevel`: Gemini 3 and later. It cannot be switched off.
        case level
        /// `thinkingBudget`, in tokens, of Gemini 2.5; −1: the model decides; 0, where it may be switched off: none.
        case budget(ClosedRange<Int64>, canBeOff: Bool)
        /// It does not think, and refuses to be told to.
        case none
    }

    let thinking: Thinking
    /// Wants its signatures back on the calls of the current turn, and has a word for those that never had one.
    let needsSignatures: Bool
    /// Takes images and files inside a tool's result.
    let takesMediaInResults: Bool

    /// - Parameter name: with or without a path before it. Names without a version are the newest generation's where they
    ///   are Gemini's own (`gemini-flash-latest`); of a name nobody knows nothing is asked that older models refuse.
    init(_ name: String) {
        let model = name.split(separator: "/").last.map { $0.lowercased() } ?? ""
        let facts =
            Self.table.first { model.hasPrefix($0.prefix) } ?? (prefix: "", generation: .unknown, thinking: .level)
        thinking = facts.thinking
        needsSignatures = facts.generation == .third
        takesMediaInResults = facts.generation == .third
    }

    private enum Generation { case older, third, unknown }

    /// The first that fits counts.
    private static let table: [(prefix: String, generation: Generation, thinking: Thinking)] = [
        ("gemini-1", .older, .none),
        ("gemini-2.0", .older, .none),
        ("gemini-2.5-flash-image", .older, .none),
        ("gemini-2.5-pro", .older, .budget(128...32_768, canBeOff: false)),
        ("gemini-2.5-flash-lite", .older, .budget(512...24_576, canBeOff: true)),
        ("gemini-2", .older, .budget(1...24_576, canBeOff: true)),
        ("gemini-", .third, .level),
    ]
}
