import Wire

/// Writes how much the model is to think: a level or a budget, by the model.
enum GeminiThinking {
    static func write(
        _ reasoning: ReasoningSettings, _ form: RequestForm, model: GeminiModel, to config: inout JSONWriter,
        _ report: inout FidelityReport
    ) {
        switch model.thinking {
        case .none:
            if !reasoning.isOff { report.drop(.reasoning, of: form) }
        case .level:
            let level = level(of: reasoning, form, &report)
            config.object("thinkingConfig") { thinking in
                thinking.member("includeThoughts", reasoning.showsThoughts ?? !reasoning.isOff)
                if let level { thinking.member("thinkingLevel", raw: level) }
            }
        case .budget(let range, let canBeOff):
            let budget = budget(of: reasoning, range, canBeOff: canBeOff, form, &report)
            config.object("thinkingConfig") { thinking in
                thinking.member("includeThoughts", reasoning.showsThoughts ?? !reasoning.isOff)
                thinking.member("thinkingBudget", ifPresent: budget)
            }
        }
    }

    /// nil: the model decides.
    private static func level(
        of reasoning: ReasoningSettings, _ form: RequestForm, _ report: inout FidelityReport
    ) -> StaticString? {
        switch reasoning.effort {
        case .minimal: return "\"MINIMAL\""
        case .low: return "\"LOW\""
        case .medium: return "\"MEDIUM\""
        case .high: return "\"HIGH\""
        case .xhigh: return "\"XHIGH\""
        case .max:
            report.rewrite(.reasoning, of: form)
            return "\"XHIGH\""
        case .none?:
            // Thinking cannot be switched off.
            report.rewrite(.reasoning, of: form)
            return "\"MINIMAL\""
        case nil: break
        }
        guard let budget = reasoning.budgetTokens else { return nil }
        report.rewrite(.reasoning, of: form)
        switch budget {
        case ...0: return "\"MINIMAL\""
        case ...2_048: return "\"LOW\""
        case ...8_192: return "\"MEDIUM\""
        default: return "\"HIGH\""
        }
    }

    /// nil: the model decides; −1 says so.
    private static func budget(
        of reasoning: ReasoningSettings, _ range: ClosedRange<Int64>, canBeOff: Bool, _ form: RequestForm,
        _ report: inout FidelityReport
    ) -> Int64? {
        if let budget = reasoning.budgetTokens, reasoning.effort == nil {
            if budget == 0, canBeOff { return 0 }
            let fitting = min(max(budget, range.lowerBound), range.upperBound)
            if fitting != budget { report.rewrite(.reasoning, of: form) }
            return fitting
        }
        guard let effort = reasoning.effort else { return reasoning.isAdaptive ? -1 : nil }
        if effort != .none || !canBeOff { report.rewrite(.reasoning, of: form) }
        switch effort {
        case .none: return canBeOff ? 0 : range.lowerBound
        case .minimal, .low: return 1_024
        case .medium: return 2_048
        case .high: return 4_096
        case .xhigh: return 8_192
        case .max: return 16_384
        }
    }
}
