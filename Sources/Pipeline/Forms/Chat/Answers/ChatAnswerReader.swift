import NIOCore
import Wire

/// Tells what the chunks of an answer say, one after another; a whole answer is a single chunk.
struct ChatAnswerReader: Sendable {
    enum Outcome {
        case read
        /// Not what the form allows; the text says what is wrong, in words of ours.
        case invalid(String)
        /// What holds the error.
        case failed(ByteBuffer)
    }

    /// Choices past these are the last one: no vendor gives as many (the form's own limit is 128).
    static let maximumChoices = 128

    private var hasBegun = false
    private var choices: [ChatChoiceReader] = []
    /// Sets the ids of this answer's calls apart from another's; nil: no chunk has named the answer.
    private var seed: UInt64?
    /// The last that was told: OpenAI repeats it in every chunk.
    private var serviceTier: JSONText?

    var choiceCount: Int { choices.count }

    /// Every choice seen has ended, and there is one at least.
    var areFinished: Bool { !choices.isEmpty && choices.allSatisfy(\.isFinished) }

    /// The answer has begun, though its first event may say nothing.
    mutating func begin(into events: inout [CompletionEvent]) {
        guard !hasBegun else { return }
        hasBegun = true
        events.append(.began(CompletionStart()))
    }

    mutating func read(chunk nodes: ChatNodes, into events: inout [CompletionEvent]) -> Outcome {
        let answer = ChatAnswerNodes(nodes)
        let isError = answer.isError(nodes)
        if !isError, let list = answer.choices, nodes.kind(list) != .array {
            return .invalid("'choices' is no array")
        }
        let usage = answer.usage.flatMap { ChatUsage.read($0, nodes) }
        begin(answer, usage, nodes, into: &events)
        if isError { return .failed(nodes.body) }
        var position: Int64 = 0
        for element in nodes.elements(answer.choices) {
            if nodes.kind(element) == .object {
                let choice = ChatChoiceNodes(element, nodes)
                if choice.isError(nodes) { return .failed(nodes.fragment(element).bytes) }
                read(choice, choice.index ?? position, isWhole: false, nodes, into: &events)
            }
            position &+= 1
        }
        finish(answer, usage, nodes, into: &events)
        return .read
    }

    /// Choices are numbered in the order of their index, without gaps.
    mutating func read(whole nodes: ChatNodes, into events: inout [CompletionEvent]) -> Outcome {
        let answer = ChatAnswerNodes(nodes)
        if answer.isError(nodes) { return .failed(nodes.body) }
        guard let list = answer.choices, nodes.kind(list) == .array else { return .invalid("it has no 'choices'") }
        var choices: [(index: Int64, nodes: ChatChoiceNodes)] = []
        for element in nodes.elements(list) {
            let choice = ChatChoiceNodes(element, nodes)
            if choice.isError(nodes) { return .failed(nodes.fragment(element).bytes) }
            guard let message = choice.message, nodes.kind(message) == .object else {
                return .invalid("a choice has no 'message'")
            }
            choices.append((choice.index ?? Int64(choices.count), choice))
        }
        guard !choices.isEmpty else { return .invalid("it has no 'choices'") }
        let usage = answer.usage.flatMap { ChatUsage.read($0, nodes) }
        begin(answer, usage, nodes, into: &events)
        if choices.count > 1 { choices.sort { $0.index < $1.index } }
        for (number, choice) in choices.enumerated() {
            read(choice.nodes, Int64(number), isWhole: true, nodes, into: &events)
        }
        finish(answer, usage, nodes, into: &events)
        return .read
    }

    /// Azure's first chunk names neither the answer nor its model and was made in 1970: it says nothing of them.
    private mutating func begin(
        _ answer: ChatAnswerNodes, _ usage: ReportedUsage?, _ nodes: ChatNodes,
        into events: inout [CompletionEvent]
    ) {
        if seed == nil, let id = answer.id, nodes.text(id) != nil {
            seed = Self.seed(UnsafeRawBufferPointer(rebasing: nodes.bytes[nodes.index.span(id)]))
        }
        guard !hasBegun else { return }
        hasBegun = true
        let created = nodes.number(answer.created).flatMap { $0 > 0 ? $0 : nil }
        events.append(
            .began(
                CompletionStart(
                    id: nodes.text(answer.id), model: nodes.text(answer.model), createdSeconds: created,
                    usage: usage?.prompt ?? 0 > 0 ? usage : nil)))
    }

    private mutating func finish(
        _ answer: ChatAnswerNodes, _ usage: ReportedUsage?, _ nodes: ChatNodes,
        into events: inout [CompletionEvent]
    ) {
        if let usage { events.append(.usage(usage)) }
        guard let tier = nodes.text(answer.serviceTier), tier != serviceTier else { return }
        serviceTier = tier.alone
        events.append(.serviceTier(tier))
    }

    /// - Parameter index: from anywhere.
    private mutating func read(
        _ choice: ChatChoiceNodes, _ index: Int64, isWhole: Bool, _ nodes: ChatNodes,
        into events: inout [CompletionEvent]
    ) {
        let number = Int(min(max(0, index), Int64(Self.maximumChoices - 1)))
        while choices.count <= number { choices.append(ChatChoiceReader(number: choices.count)) }
        choices[number].read(choice, isWhole: isWhole, nodes, seed: seed, into: &events)
    }

    static func seed(_ name: UnsafeRawBufferPointer) -> UInt64 { StableHash.hash(name, seed: 0x7365_6564) >> 16 }
}

extension JSONText {
    /// The text in memory of its own: what is kept for a stream's length must not keep what it came with.
    var alone: JSONText { JSONText(content: ByteBuffer(bytes: content.readableBytesView)) }
}
