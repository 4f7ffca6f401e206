/// What Anthropic's models take, by their names (platform.claude.com, versioning and migration; github anthropics/skills,
/// read 2026-11). A name nobody knows is taken for the newest generation's.
struct AnthropicModel {
    /// `opus`, `sonnet`, `haiku`, `fable`; empty for names of another shape.
    private let family: Substring
    /// Major times a hundred, plus minor: 405 for 4.5.
    private let version: Int

    init(_ name: String) {
        let parts = name.split(separator: "-")
        let numbers = parts.dropFirst().compactMap { part in
            let digits = part.prefix { $0.isASCII && $0.isNumber }
            return digits.count < 3 ? Int(digits) : nil
        }
        family = parts.dropFirst().first { $0.first?.isLetter == true } ?? ""
        guard parts.first == "claude", let major = numbers.first else {
            version = 9_900
            return
        }
        version = major * 100 + (numbers.dropFirst().first ?? 0)
    }

    /// Takes `temperature`, `top_p` and `top_k`, in version 2023-06-01.
    var takesSampling: Bool { version < (family == "opus" ? 407 : 500) }

    /// Decides itself how much to think, and takes an effort; false: it wants a budget of tokens.
    var thinksAdaptively: Bool { version >= 406 }

    /// Refuses `thinking: disabled`.
    var alwaysThinks: Bool { family == "fable" || version >= 505 }

    /// Refuses a conversation that ends with the assistant's turn.
    var refusesPrefill: Bool { version >= 406 }

    /// The most it answers; what stands for a limit nobody set, for the form must have one.
    var maximumOutputTokens: Int64 {
        switch version {
        case ..<305: 4_096
        case ..<307: 8_192
        case ..<402: family == "opus" ? 32_000 : 64_000
        case ..<406: 64_000
        default: 128_000
        }
    }
}
