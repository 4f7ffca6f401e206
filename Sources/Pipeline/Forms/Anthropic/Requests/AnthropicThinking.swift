import Wire

/// How much the model is to think, and what that leaves of the answer's limit.
struct AnthropicThinking {
    private enum Wish { case unsaid, off, adaptive, budget(Int64) }

    let maximumOutputTokens: Int64
    private let wish: Wish
    private let effort: ReasoningEffort?
    private let showsThoughts: Bool
    /// Thinking is asked for: forced tool choices and sampling are refused beside that.
    let isThinking: Bool

    init(_ conversation: Conversation, model: AnthropicModel, report: inout FidelityReport) {
        let limit = conversation.settings.maximumOutputTokens ?? model.maximumOutputTokens
        maximumOutputTokens = limit
        let reasoning = conversation.settings.reasoning
        showsThoughts = reasoning?.showsThoughts ?? true
        guard let reasoning else {
            wish = .unsaid
            effort = nil
            isThinking = false
            return
        }
        if reasoning.isOff {
            if model.alwaysThinks { report.rewrite(.reasoning, of: conversation.form) }
            wish = model.alwaysThinks ? .unsaid : .off
            effort = model.alwaysThinks ? .low : nil
            isThinking = false
            return
        }
        if model.thinksAdaptively {
            wish = .adaptive
            effort = Self.effort(of: reasoning, conversation.form, &report)
            isThinking = true
            return
        }
        effort = nil
        let wanted = reasoning.budgetTokens ?? Self.budget(of: reasoning.effort ?? .medium)
        let budget = min(max(1_024, wanted), limit - 1)
        if budget != reasoning.budgetTokens { report.rewrite(.reasoning, of: conversation.form) }
        wish = budget >= 1_024 ? .budget(budget) : .off
        isThinking = budget >= 1_024
    }

    func write(to root: inout JSONWriter) {
        switch wish {
        case .unsaid: break
        case .off: root.object("thinking") { $0.member("type", raw: "\"disabled\"") }
        case .adaptive:
            root.object("thinking") { thinking in
                thinking.member("type", raw: "\"adaptive\"")
                thinking.member("display", raw: showsThoughts ? "\"summarized\"" : "\"omitted\"")
            }
        case .budget(let tokens):
            root.object("thinking") { thinking in
                thinking.member("type", raw: "\"enabled\"")
                thinking.member("budget_tokens", tokens)
            }
        }
    }

    /// `effort` of `output_config`; nil: the model's own.
    var outputEffort: String? { effort?.rawValue }

    private static func effort(
        of reasoning: ReasoningSettings, _ form: RequestForm, _ report: inout FidelityReport
    ) -> ReasoningEffort? {
        if let effort = reasoning.effort {
            guard effort == .minimal else { return effort }
            report.rewrite(.reasoning, of: form)
            return .low
        }
        guard let budget = reasoning.budgetTokens, budget > 0 else { return nil }
        report.rewrite(.reasoning, of: form)
        return budget <= 2_048 ? .low : budget <= 8_192 ? .medium : .high
    }

    /// The budgets that stand for efforts (wire formats, 8.3).
    private static func budget(of effort: ReasoningEffort) -> Int64 {
        switch effort {
        case .none, .minimal, .low: 1_024
        case .medium: 2_048
        case .high: 4_096
        case .xhigh: 8_192
        case .max: 16_384
        }
    }
}
