/// What one request asks of the simulator. Written behind the model's name, since a name passes every gateway:
/// `simulator-model!error=500`, `simulator-model!latency=200ms!tokens=50`; or as the header `x-simulate` with the
/// same words parted by commas or `!`. Words:
/// - `error=500`: that status; `reset`, `stall`, `stall=N`, `cut=N`, `garbage`, `slow`, `stream-error=N`: see ``Fault``;
/// - `ok`: no fault, whatever the simulator's own rules would draw;
/// - `latency=200ms`, `interval=20ms`: the pace of this answer;
/// - `tokens=200`: a text of exactly that many tokens (up to 100 000) before `max_tokens` and stops cut it;
/// - `reasoning=20`: that many tokens of reasoning first; `thinking`: a sentence of it;
/// - `redacted`: a thought that is only there in sealed form;
/// - `tools=2`: that many calls of the request's tools at once, those first that the question names;
/// - `refusal`: the model declines to answer, as each form says it;
/// - `no-usage`: an answer without usage.
/// Later words win; unknown ones are refused with 400, so that a test with a slip of the pen fails.
struct RequestDirectives: Sendable, Equatable {
    enum FaultChoice: Sendable, Equatable {
        /// As the simulator's rules draw.
        case drawn
        case never
        case always(Fault)
    }

    var fault = FaultChoice.drawn
    var latency: Duration?
    var interval: Duration?
    var tokens: Int?
    var reasoningTokens = 0
    var thinks = false
    var redactsThinking = false
    /// nil: as many as the question names.
    var toolCalls: Int?
    var refuses = false
    var hidesUsage = false

    static let mostTokens = 100_000
    static let mostToolCalls = 64

    init() {}

    /// Parts `model!word!word` and reads the words, the header's after them.
    /// - Throws: the first word that is not understood.
    static func parse(
        model: String, header: String?
    ) throws(UnknownDirective) -> (model: String, directives: RequestDirectives) {
        var parts = model.split(separator: "!", omittingEmptySubsequences: false)[...]
        let name = String(parts.popFirst() ?? "")
        var directives = RequestDirectives()
        for word in parts { try directives.apply(word) }
        for word in (header ?? "").split(whereSeparator: { $0 == "," || $0 == "!" || $0 == " " }) {
            try directives.apply(word)
        }
        return (name, directives)
    }

    private mutating func apply(_ word: Substring) throws(UnknownDirective) {
        let halves = word.split(separator: "=", maxSplits: 1)
        let name = halves.first.map(String.init) ?? ""
        let value = halves.count == 2 ? String(halves[1]) : nil
        guard applyPlain(name, value) || applyFault(name, value) else { throw UnknownDirective(word: String(word)) }
    }

    private mutating func applyPlain(_ name: String, _ value: String?) -> Bool {
        switch (name, value) {
        case ("ok", nil): fault = .never
        case ("no-usage", nil): hidesUsage = true
        case ("thinking", nil): thinks = true
        case ("redacted", nil): redactsThinking = true
        case ("refusal", nil): refuses = true
        case ("tools", let value?):
            guard let count = Int(value), (0...Self.mostToolCalls).contains(count) else { return false }
            toolCalls = count
        case ("latency", let value?):
            guard let duration = Pace.duration(value) else { return false }
            latency = duration
        case ("interval", let value?):
            guard let duration = Pace.duration(value) else { return false }
            interval = duration
        case ("tokens", let value?):
            guard let count = Int(value), (0...Self.mostTokens).contains(count) else { return false }
            tokens = count
        case ("reasoning", let value?):
            guard let count = Int(value), (0...Self.mostTokens).contains(count) else { return false }
            reasoningTokens = count
        default: return false
        }
        return true
    }

    private mutating func applyFault(_ name: String, _ value: String?) -> Bool {
        let fault: Fault?
        if name == "error" {
            fault = value.flatMap { Fault(name: $0) }
        } else {
            let count = value.map(Int.init)
            guard count != .some(nil) else { return false }
            fault = Fault(name: name, count: count ?? nil)
        }
        guard let fault else { return false }
        self.fault = .always(fault)
        return true
    }
}

/// A word behind a model's name that the simulator does not know.
struct UnknownDirective: Error, Equatable {
    let word: String
}
