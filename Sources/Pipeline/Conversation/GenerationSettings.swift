package import Wire

/// How an answer is to be made. Numbers are kept as the client spelled them. nil: not said.
package struct GenerationSettings: Sendable, Equatable {
    /// Tokens the answer may have; ≥ 1.
    package var maximumOutputTokens: Int64?
    package var temperature: JSONFragment?
    package var topP: JSONFragment?
    package var topK: JSONFragment?
    package var seed: JSONFragment?
    package var frequencyPenalty: JSONFragment?
    package var presencePenalty: JSONFragment?
    /// An object of token ids and biases.
    package var logitBias: JSONFragment?
    /// true: log probabilities of the answer's tokens are wanted.
    package var logprobs: Bool?
    /// How many alternatives to each token.
    package var topLogprobs: JSONFragment?
    /// How many answers; nil: one.
    package var choiceCount: Int64?
    /// In order; empty: none.
    package var stopSequences: [JSONText] = []
    package var outputFormat: OutputFormat?
    package var reasoning: ReasoningSettings?
    /// `low`, `medium`, `high`, as OpenAI spells it.
    package var verbosity: JSONText?
    /// `text`, `audio`, `image`, in lower case; empty: not said.
    package var modalities: [String] = []
    /// Voice and format of spoken answers, as the client's form writes it.
    package var audio: JSONFragment?
    /// `auto`, `default`, `flex`, `priority`, as the client wrote it.
    package var serviceTier: JSONText?
    /// An object of texts.
    package var metadata: JSONFragment?
    /// Who the client's own user is: `user`, `safety_identifier`, `metadata.user_id`.
    package var userID: JSONText?
    package var promptCacheKey: JSONText?
    /// Whether the vendor may keep the exchange (`store`).
    package var store: Bool?
    /// What is left unsaid about moderation, safety settings and the like, as the client's form writes it.
    package var safetySettings: JSONFragment?

    package init() {}
}

/// What an answer's text must look like.
package enum OutputFormat: Sendable, Equatable {
    case text
    /// Any JSON object.
    case json
    case schema(OutputSchema)
}

package struct OutputSchema: Sendable, Equatable {
    /// A JSON Schema.
    package var schema: JSONFragment
    /// nil where the form has none: writers that must have one write `response`.
    package var name: JSONText?
    package var description: JSONText?
    package var isStrict: Bool?

    package init(schema: JSONFragment, name: JSONText? = nil, description: JSONText? = nil, isStrict: Bool? = nil) {
        self.schema = schema
        self.name = name
        self.description = description
        self.isStrict = isStrict
    }
}

/// How much the model is to think, and what of it is shown.
package struct ReasoningSettings: Sendable, Equatable {
    package var effort: ReasoningEffort?
    /// Tokens of thought; 0: none; nil: not said.
    package var budgetTokens: Int64?
    /// The vendor decides how much (`adaptive`, a budget of −1, `auto`).
    package var isAdaptive: Bool
    /// Whether thoughts are to be in the answer (`includeThoughts`, `display`, `summary`).
    package var showsThoughts: Bool?
    /// `auto`, `concise`, `detailed`: Responses' kind of summary.
    package var summary: JSONText?

    package init(
        effort: ReasoningEffort? = nil, budgetTokens: Int64? = nil, isAdaptive: Bool = false, showsThoughts: Bool? = nil,
        summary: JSONText? = nil
    ) {
        self.effort = effort
        self.budgetTokens = budgetTokens
        self.isAdaptive = isAdaptive
        self.showsThoughts = showsThoughts
        self.summary = summary
    }

    /// Thinking is switched off outright.
    package var isOff: Bool { effort == ReasoningEffort.none || budgetTokens == 0 }
}

/// Efforts as OpenAI names them; other forms' words are brought to these.
package enum ReasoningEffort: String, Sendable, CaseIterable, Comparable {
    case none, minimal, low, medium, high, xhigh, max

    package static func < (left: ReasoningEffort, right: ReasoningEffort) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
