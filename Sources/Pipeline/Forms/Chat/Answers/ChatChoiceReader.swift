import Wire

/// Tells what the deltas of a choice say, one after another; a whole message is a single delta.
struct ChatChoiceReader: Sendable {
    let number: Int
    private var calls = ChatCallReader()
    private(set) var isFinished = false

    init(number: Int) {
        self.number = number
    }

    /// - Parameters:
    ///   - isWhole: of a whole answer, which says in one delta all there is.
    ///   - seed: of the answer's id; nil: it has none.
    mutating func read(
        _ choice: ChatChoiceNodes, isWhole: Bool, _ nodes: ChatNodes, seed: UInt64?,
        into events: inout [CompletionEvent]
    ) {
        if let message = choice.message {
            read(message: message, isWhole: isWhole, nodes, seed: seed, into: &events)
        }
        if let logprobs = choice.logprobs { read(logprobs: logprobs, nodes, into: &events) }
        guard !isFinished, let word = choice.finishReason,
            let reason = ChatStopReason.read(word, nodes, hasCalls: !calls.isEmpty)
        else { return }
        isFinished = true
        events.append(.finished(choice: number, reason))
    }

    /// Thoughts come first wherever they stand: models think before they speak.
    private mutating func read(
        message: Int, isWhole: Bool, _ nodes: ChatNodes, seed: UInt64?, into events: inout [CompletionEvent]
    ) {
        let said = ChatMessageNodes(message, nodes)
        if said.hasThoughts { readThoughts(of: said, nodes, into: &events) }
        if let content = said.content { read(content: content, nodes, into: &events) }
        if let refusal = nodes.text(said.refusal) { events.append(.refusal(choice: number, refusal)) }
        guard said.hasMore else { return }
        for citation in nodes.elements(said.annotations) where nodes.kind(citation) == .object {
            events.append(.citation(choice: number, nodes.fragment(citation)))
        }
        for image in nodes.elements(said.images) { read(image: image, nodes, into: &events) }
        if let audio = said.audio { read(audio: audio, nodes, into: &events) }
        if let list = said.toolCalls {
            calls.read(list: list, choice: number, isWhole: isWhole, nodes, seed: seed, into: &events)
        }
        if let call = said.functionCall {
            calls.read(deprecated: call, choice: number, nodes, seed: seed, into: &events)
        }
    }

    /// `reasoning_content`, or `reasoning` as vLLM since 0.11 and Ollama say; both for a while where the name was changed.
    private func readThoughts(
        of message: ChatMessageNodes, _ nodes: ChatNodes, into events: inout [CompletionEvent]
    ) {
        if let text = nodes.text(message.reasoningContent) ?? nodes.text(message.reasoning) {
            events.append(.reasoning(choice: number, text))
        }
        if let text = nodes.text(message.reasoningSignature) {
            events.append(
                .reasoningSignature(choice: number, Signature.opened(text, from: .openAIChat), itemID: nil))
        }
        for data in nodes.elements(message.redactedReasoning) {
            guard let text = nodes.text(data) else { continue }
            events.append(.redactedReasoning(choice: number, Signature.opened(text, from: .openAIChat)))
        }
    }

    /// A text, or parts as Mistral sends them, thoughts among them (package mistralai 2.0, ThinkChunk, read 2026-11).
    private func read(content: Int, _ nodes: ChatNodes, into events: inout [CompletionEvent]) {
        if nodes.kind(content) == .string {
            if let text = nodes.text(content) { events.append(.text(choice: number, text)) }
            return
        }
        for part in nodes.elements(content) {
            for (key, value) in nodes.members(part) {
                switch key {
                case .text: if let text = nodes.text(value) { events.append(.text(choice: number, text)) }
                case .refusal: if let text = nodes.text(value) { events.append(.refusal(choice: number, text)) }
                case .thinking: read(thinking: value, nodes, into: &events)
                case .imageURL: read(image: part, nodes, into: &events)
                default: break
                }
            }
        }
    }

    private func read(thinking: Int, _ nodes: ChatNodes, into events: inout [CompletionEvent]) {
        if let text = nodes.text(thinking) { events.append(.reasoning(choice: number, text)) }
        for part in nodes.elements(thinking) {
            for (key, value) in nodes.members(part) where key == .text {
                if let text = nodes.text(value) { events.append(.reasoning(choice: number, text)) }
            }
        }
    }

    private func read(image: Int, _ nodes: ChatNodes, into events: inout [CompletionEvent]) {
        guard let picture = ChatMedia.image(image, nodes) else { return }
        events.append(.media(choice: number, Part(.image(picture))))
    }

    /// `{"data","transcript"}`: what was said as text, then the sound.
    private func read(audio: Int, _ nodes: ChatNodes, into events: inout [CompletionEvent]) {
        var (said, data): (JSONText?, JSONText?)
        for (key, value) in nodes.members(audio) {
            if key == .transcript { said = nodes.text(value) }
            if key == .data { data = nodes.text(value) }
        }
        if let said { events.append(.text(choice: number, said)) }
        if let data { events.append(.media(choice: number, Part(.audio(Media(.base64(data)))))) }
    }

    private func read(logprobs: Int, _ nodes: ChatNodes, into events: inout [CompletionEvent]) {
        for (key, value) in nodes.members(logprobs) where key == .content {
            guard nodes.kind(value) == .array, !nodes.isEmpty(value) else { continue }
            events.append(.logprobs(choice: number, nodes.fragment(value)))
        }
    }
}

/// Where the members of a message, or of a delta, stand; nil: absent or null.
private struct ChatMessageNodes {
    private(set) var content: Int?
    private(set) var refusal: Int?
    private(set) var reasoning: Int?
    private(set) var reasoningContent: Int?
    private(set) var reasoningSignature: Int?
    private(set) var redactedReasoning: Int?
    private(set) var annotations: Int?
    private(set) var images: Int?
    private(set) var audio: Int?
    private(set) var toolCalls: Int?
    private(set) var functionCall: Int?
    /// One of the members of thoughts is there.
    private(set) var hasThoughts = false
    /// A member is there that is neither of thoughts nor a text.
    private(set) var hasMore = false

    init(_ message: Int, _ nodes: ChatNodes) {
        for (key, value) in nodes.members(message) {
            switch key {
            case .content: content = value
            case .refusal: refusal = value
            case .reasoning, .reasoningContent, .reasoningSignature, .redactedReasoning:
                hasThoughts = true
                take(key, value)
            case .annotations, .images, .audio, .toolCalls, .functionCall:
                hasMore = true
                take(key, value)
            default: break
            }
        }
    }

    private mutating func take(_ key: ChatAnswerKey, _ value: Int) {
        switch key {
        case .reasoning: reasoning = value
        case .reasoningContent: reasoningContent = value
        case .reasoningSignature: reasoningSignature = value
        case .redactedReasoning: redactedReasoning = value
        case .annotations: annotations = value
        case .images: images = value
        case .audio: audio = value
        case .toolCalls: toolCalls = value
        case .functionCall: functionCall = value
        default: break
        }
    }
}
