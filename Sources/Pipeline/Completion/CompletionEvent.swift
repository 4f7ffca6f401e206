package import Wire

/// What one step of a streamed answer says, in no vendor's form.
///
/// Order, which readers make and writers rely on: `began` first and once; for each choice, parts one after another or, with
/// tool calls of vendors that mix them, told apart by `call`; `finished` once for each choice; usage whenever it is known,
/// the last counts; `ended` last and once, if the stream ended as its form wants. Texts are slices of the event's bytes.
package enum CompletionEvent: Sendable, Equatable {
    /// The upstream's first event came: the answer has begun, though nothing of it may be there.
    case began(CompletionStart)
    case text(choice: Int, JSONText)
    case refusal(choice: Int, JSONText)
    /// A piece of thought. A piece after other parts begins a new block of thoughts.
    case reasoning(choice: Int, JSONText)
    /// The signature of the thoughts before it, which ends their block; without thoughts before it, a block of its own.
    case reasoningSignature(choice: Int, Signature, itemID: JSONText?)
    /// A block of thoughts that only the vendor can read, whole.
    case redactedReasoning(choice: Int, Signature)
    /// `call`: the tool call's number among the choice's calls, from 0, in order and without gaps.
    case toolCallBegan(choice: Int, call: Int, id: JSONText, name: JSONText, isCustom: Bool, signature: Signature?)
    /// A piece of the call's arguments: a part of a JSON text, inside a JSON string (free text for custom tools).
    case toolCallArguments(choice: Int, call: Int, JSONText)
    /// An image or a sound, whole.
    case media(choice: Int, Part)
    /// A citation of the text before it, as its form writes it.
    case citation(choice: Int, JSONFragment)
    /// Log probabilities of the last text, an array as OpenAI Chat's `logprobs.content`.
    case logprobs(choice: Int, JSONFragment)
    case finished(choice: Int, StopReason)
    /// All counts known so far, not what was added. Its `span` says nothing.
    case usage(ReportedUsage)
    case serviceTier(JSONText)
    /// The form's own end.
    case ended
    /// The upstream says that it failed: in its own words, unmasked. Nothing follows.
    case failed(UpstreamError)
}

/// What is known when an answer begins.
package struct CompletionStart: Sendable, Equatable {
    package var id: JSONText?
    package var model: JSONText?
    package var createdSeconds: Int64?
    /// Input counts, where the vendor gives them at once.
    package var usage: ReportedUsage?

    package init(
        id: JSONText? = nil, model: JSONText? = nil, createdSeconds: Int64? = nil, usage: ReportedUsage? = nil
    ) {
        self.id = id
        self.model = model
        self.createdSeconds = createdSeconds
        self.usage = usage
    }
}
