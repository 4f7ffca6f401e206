import Wire
import NIOCore

/// Makes a whole answer of a stream's events: what forms repeat at a stream's end, and what proves that a stream says the
/// same as a whole answer.
package struct CompletionFold: Sendable {
    package private(set) var completion = Completion()
    private var openBlocks: [OpenBlock] = []

    package init() {}

    /// Takes the next event; events of the end (`ended`, `failed`) change nothing.
    package mutating func take(_ event: CompletionEvent) {
        switch event {
        case .began(let start):
            completion.id = start.id
            completion.model = start.model
            completion.createdSeconds = start.createdSeconds
            if let usage = start.usage { completion.usage = usage }
        case .text(let choice, let text): append(text, as: .text, to: choice)
        case .refusal(let choice, let text): append(text, as: .refusal, to: choice)
        case .reasoning(let choice, let text): append(text, as: .reasoning, to: choice)
        case .reasoningSignature(let choice, let signature, let itemID): sign(choice, signature, itemID)
        case .redactedReasoning(let choice, let signature):
            add(Part(.reasoning(Reasoning(redacted: signature))), to: choice)
        case .toolCallBegan(let choice, let call, let id, let name, let isCustom, let signature):
            let arguments: ToolArguments = isCustom ? .text(.empty) : .encoded(.empty)
            add(
                Part(.toolCall(ToolCall(id: id, name: name, arguments: arguments, signature: signature))), to: choice,
                opening: .call(call))
        case .toolCallArguments(let choice, let call, let text): append(text, as: .call(call), to: choice)
        case .media(let choice, let part): add(part, to: choice)
        case .citation(let choice, let citation): cite(choice, citation)
        case .logprobs(let choice, let logprobs): addLogprobs(choice, logprobs)
        case .finished(let choice, let reason):
            close(choice)
            completion.choices[grow(to: choice)].stop = reason
        case .usage(let usage): completion.usage = usage
        case .serviceTier(let tier): completion.serviceTier = tier
        case .ended, .failed: break
        }
    }

    /// The answer so far, blocks that are still open included.
    package consuming func finish() -> Completion {
        for choice in completion.choices.indices { close(choice) }
        return completion
    }

    /// A part whose text still grows. Its pieces are gathered in a buffer of their own, so that a long answer is linear.
    private struct OpenBlock {
        enum Kind: Equatable { case none, text, refusal, reasoning, call(Int) }

        var kind = Kind.none
        var part = 0
        var text = ByteBuffer()
        /// Calls that were left for another and may yet be gone on with: number and part.
        var calls: [(call: Int, part: Int)] = []
    }

    /// The index of `choice`, made if it is not there. Choices past 64 are one: no vendor gives as many.
    private mutating func grow(to choice: Int) -> Int {
        let index = min(max(0, choice), 63)
        while completion.choices.count <= index {
            completion.choices.append(CompletionChoice())
            openBlocks.append(OpenBlock())
        }
        return index
    }

    private mutating func add(_ part: Part, to choice: Int, opening kind: OpenBlock.Kind = .none) {
        close(choice)
        let index = grow(to: choice)
        completion.choices[index].parts.append(part)
        openBlocks[index].kind = kind
        openBlocks[index].part = completion.choices[index].parts.count - 1
        if case .call(let call) = kind { openBlocks[index].calls.append((call, openBlocks[index].part)) }
    }

    private mutating func append(_ text: JSONText, as kind: OpenBlock.Kind, to choice: Int) {
        let index = grow(to: choice)
        if openBlocks[index].kind != kind { open(kind, in: index) }
        guard openBlocks[index].kind == kind else { return }
        openBlocks[index].text.writeImmutableBuffer(text.content)
    }

    private mutating func open(_ kind: OpenBlock.Kind, in index: Int) {
        switch kind {
        case .text: add(Part(.text(.empty)), to: index, opening: kind)
        case .refusal: add(Part(.refusal(.empty)), to: index, opening: kind)
        case .reasoning: add(Part(.reasoning(Reasoning())), to: index, opening: kind)
        case .call(let call):
            guard let known = openBlocks[index].calls.first(where: { $0.call == call }) else { return }
            close(index)
            openBlocks[index].kind = kind
            openBlocks[index].part = known.part
        case .none: break
        }
    }

    /// Puts the gathered text into its part.
    private mutating func close(_ choice: Int) {
        let index = grow(to: choice)
        let block = openBlocks[index]
        openBlocks[index].kind = .none
        openBlocks[index].text = ByteBuffer()
        guard block.kind != .none, block.part < completion.choices[index].parts.count else { return }
        let gathered = JSONText(content: block.text)
        var part = completion.choices[index].parts[block.part]
        switch part.content {
        case .text(let before): part.content = .text(before.joined(with: gathered, separator: ""))
        case .refusal(let before): part.content = .refusal(before.joined(with: gathered, separator: ""))
        case .reasoning(var reasoning):
            reasoning.text = reasoning.text.joined(with: gathered, separator: "")
            part.content = .reasoning(reasoning)
        case .toolCall(var call):
            switch call.arguments {
            case .encoded(let before): call.arguments = .encoded(before.joined(with: gathered, separator: ""))
            case .text(let before): call.arguments = .text(before.joined(with: gathered, separator: ""))
            case .object: break
            }
            part.content = .toolCall(call)
        case .image, .audio, .file, .toolResult, .other: break
        }
        completion.choices[index].parts[block.part] = part
    }

    private mutating func sign(_ choice: Int, _ signature: Signature, _ itemID: JSONText?) {
        let index = grow(to: choice)
        let isThinking = openBlocks[index].kind == .reasoning
        close(index)
        if isThinking, case .reasoning(var reasoning) = completion.choices[index].parts[openBlocks[index].part].content {
            reasoning.signature = signature
            reasoning.id = itemID
            completion.choices[index].parts[openBlocks[index].part].content = .reasoning(reasoning)
        } else {
            add(Part(.reasoning(Reasoning(signature: signature, id: itemID))), to: index)
        }
    }

    private mutating func cite(_ choice: Int, _ citation: JSONFragment) {
        let index = grow(to: choice)
        guard let last = completion.choices[index].parts.lastIndex(where: { if case .text = $0.content { true } else { false } })
        else { return }
        completion.choices[index].parts[last].citations = Self.appending(
            citation, to: completion.choices[index].parts[last].citations)
    }

    private mutating func addLogprobs(_ choice: Int, _ logprobs: JSONFragment) {
        let index = grow(to: choice)
        let before = completion.choices[index].logprobs
        let inner = before.flatMap(Self.innerLogprobs)
        let all = Self.concatenated(inner, logprobs)
        completion.choices[index].logprobs = JSONFragment(kind: .object) { writer in
            writer.object { $0.member("content", all) }
        }
    }

    /// The array in `{"content":[…]}` as `addLogprobs` writes it.
    private static func innerLogprobs(_ object: JSONFragment) -> JSONFragment? {
        let bytes = object.bytes
        let prefix = #"{"content":"#.utf8.count
        return bytes.getSlice(at: bytes.readerIndex + prefix, length: max(0, bytes.readableBytes - prefix - 1))
            .map { JSONFragment(trusted: $0, kind: .array) }
    }

    private static func appending(_ element: JSONFragment, to array: JSONFragment?) -> JSONFragment {
        concatenated(array, JSONFragment(kind: .array) { writer in writer.array { $0.fragment(element) } })
    }

    /// The elements of both arrays in one.
    private static func concatenated(_ first: JSONFragment?, _ second: JSONFragment) -> JSONFragment {
        guard let first, first.kind == .array, second.kind == .array else { return second }
        var left = first.bytes
        var right = second.bytes
        guard left.readableBytes > 2 else { return second }
        guard right.readableBytes > 2 else { return first }
        left = left.getSlice(at: left.readerIndex, length: left.readableBytes - 1) ?? left
        right.moveReaderIndex(forwardBy: 1)
        var joined = ByteBuffer()
        joined.writeImmutableBuffer(left)
        joined.writeStaticString(",")
        joined.writeImmutableBuffer(right)
        return JSONFragment(trusted: joined, kind: .array)
    }
}
