import Wire

/// Writes how much to think in a vendor's own words (tables 7 and 8.3 of the wire formats).
struct ChatReasoningWriter {
    let reasoning: ReasoningSettings
    let control: VendorTraits.ReasoningControl
    let form: RequestForm

    func write(to root: inout JSONWriter, _ report: inout FidelityReport) {
        // Vendors that show thoughts show all of them.
        if reasoning.summary != nil { report.rewrite("reasoning.summary") }
        if reasoning.showsThoughts == false, !reasoning.isOff, control != .effort {
            // These vendors show their thoughts whenever they have any.
            saysHowMuch ? report.rewrite(.reasoning, of: form) : report.drop(.reasoning, of: form)
        }
        guard saysHowMuch else { return }
        switch control {
        case .effort:
            if let effort = effort(&report) { root.member("reasoning_effort", effort.rawValue) }
        case .thinkingAndEffort: writeThinking(to: &root, &report, Self.deepSeekWord)
        case .enableThinking: writeEnabled(to: &root, &report)
        case .thinkingType: writeThinking(to: &root, &report) { min($0, .high) }
        }
    }

    /// A wish to see thoughts, or not to, is none to think: the vendor's own default holds.
    private var saysHowMuch: Bool { reasoning.effort != nil || reasoning.budgetTokens != nil || reasoning.isAdaptive }

    /// low, high and max alone (api-docs.deepseek.com, guides/thinking_mode, read 2026-11).
    private static func deepSeekWord(_ effort: ReasoningEffort) -> ReasoningEffort {
        switch effort {
        case .none, .minimal, .low: .low
        case .medium, .high, .xhigh: .high
        case .max: .max
        }
    }

    private func writeThinking(
        to root: inout JSONWriter, _ report: inout FidelityReport, _ word: (ReasoningEffort) -> ReasoningEffort
    ) {
        let effort = effort(&report)
        if effort == ReasoningEffort.none {
            return root.object("thinking") { $0.member("type", raw: "\"disabled\"") }
        }
        // Only Doubao knows `auto` (package volcengine-ark-runtime 5.0.54, read 2026-11).
        let isAuto = control == .thinkingType && reasoning.isAdaptive && effort == nil
        root.object("thinking") { $0.member("type", raw: isAuto ? "\"auto\"" : "\"enabled\"") }
        guard let effort else { return }
        let taken = word(effort)
        if taken != effort { report.rewrite(.reasoning, of: form) }
        root.member("reasoning_effort", taken.rawValue)
    }

    /// A switch and a budget; the most effort is the model's own limit.
    private func writeEnabled(to root: inout JSONWriter, _ report: inout FidelityReport) {
        root.member("enable_thinking", !reasoning.isOff)
        guard !reasoning.isOff else { return }
        if let budget = reasoning.budgetTokens {
            root.member("thinking_budget", budget)
        } else if let effort = reasoning.effort {
            report.rewrite(.reasoning, of: form)
            if let budget = Self.budget(of: effort) { root.member("thinking_budget", budget) }
        }
    }

    /// nil: no limit of ours.
    private static func budget(of effort: ReasoningEffort) -> Int64? {
        switch effort {
        case .none, .minimal, .low: 1_024
        case .medium: 4_096
        case .high: 16_384
        case .xhigh, .max: nil
        }
    }

    /// The effort, or the one that spends about as much as the budget; nil: the vendor's own.
    private func effort(_ report: inout FidelityReport) -> ReasoningEffort? {
        if reasoning.isOff { return ReasoningEffort.none }
        if let effort = reasoning.effort { return effort }
        guard let budget = reasoning.budgetTokens else { return nil }
        report.rewrite(.reasoning, of: form)
        switch budget {
        case ..<4_096: return .low
        case ..<16_384: return .medium
        default: return .high
        }
    }
}
