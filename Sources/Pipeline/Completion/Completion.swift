package import Wire

/// A whole answer in no vendor's form.
package struct Completion: Sendable, Equatable {
    /// As the vendor gave it; nil: it gave none.
    package var id: JSONText?
    /// As the vendor names it in its answer; nil: it does not.
    package var model: JSONText?
    /// Seconds since 1970, as the vendor says; nil: it does not.
    package var createdSeconds: Int64?
    /// In the order of their index; one at least.
    package var choices: [CompletionChoice]
    /// nil: none was reported.
    package var usage: ReportedUsage?
    /// The tier that served it, as the vendor wrote it.
    package var serviceTier: JSONText?

    package init(choices: [CompletionChoice] = []) {
        self.choices = choices
    }
}

/// One of an answer's alternatives.
package struct CompletionChoice: Sendable, Equatable {
    /// Text, refusals, reasoning, tool calls, images, sounds; in the order in which the model made them.
    package var parts: [Part]
    /// nil: the vendor did not say why it ended.
    package var stop: StopReason?
    /// Log probabilities as OpenAI Chat writes them (`{"content":[…]}`).
    package var logprobs: JSONFragment?

    package init(parts: [Part] = [], stop: StopReason? = nil) {
        self.parts = parts
        self.stop = stop
    }
}

/// Why an answer ended, in no vendor's words (table 8.4 of the wire formats).
package enum StopReason: Sendable, Equatable {
    /// The model had said all.
    case endOfTurn
    /// One of the client's stop sequences came; nil: the vendor does not say which.
    case stopSequence(JSONText?)
    /// The limit on output was reached, or the context was full.
    case length
    /// The model wants its tools called.
    case toolCalls
    /// Withheld by the vendor's filters.
    case filtered
    /// The model would not answer.
    case refusal
    /// A hosted tool's turn is to be continued by sending the answer back (Anthropic's `pause_turn`).
    case pause
    /// The vendor made a tool call that nobody can read.
    case brokenToolCall
}
