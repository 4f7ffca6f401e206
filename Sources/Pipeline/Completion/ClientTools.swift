import Wire

/// Turns the calls of an answer into calls of the client's own tools: by the names it gave them, and custom ones as such
/// where the target was told of functions in their place.
package struct ClientTools: Sendable {
    private let names: ToolNames
    /// Custom tools, by the names that the target was told.
    private let customNames: Set<JSONText>

    /// The target was told of the tools as the client was.
    package static let unchanged = ClientTools(names: .unchanged, told: nil)

    /// - Parameter told: the conversation with the names that the target was told; nil: one without tools.
    package init(names: ToolNames, told: Conversation?) {
        self.names = names
        var customNames: Set<JSONText> = []
        for tool in told?.tools ?? [] {
            if case .custom = tool.kind { customNames.insert(tool.name) }
        }
        self.customNames = customNames
    }

    /// Calls are as the client knows them already.
    package var isUnchanged: Bool { names.isEmpty && customNames.isEmpty }

    func isCustom(_ name: JSONText) -> Bool { customNames.contains(name) }

    func client(_ name: JSONText) -> JSONText { names.client(name) }

    /// Changes the calls of a whole answer.
    package func restore(_ completion: inout Completion) {
        guard !isUnchanged else { return }
        for choice in completion.choices.indices {
            for part in completion.choices[choice].parts.indices {
                guard case .toolCall(var call) = completion.choices[choice].parts[part].content else { continue }
                if isCustom(call.name) { call.arguments = Self.customInput(call.arguments) }
                call.name = client(call.name)
                completion.choices[choice].parts[part].content = .toolCall(call)
            }
        }
    }

    private static func customInput(_ arguments: ToolArguments) -> ToolArguments {
        if case .text = arguments { return arguments }
        var input = CustomToolInput()
        let text = input.take(arguments.encoded)
        return .text(text.joined(with: input.finish(), separator: ""))
    }
}

/// `ClientTools` for an answer that comes in steps.
struct ClientToolSteps: Sendable {
    private struct Call {
        let choice: Int
        let call: Int
        var input = CustomToolInput()
    }

    private let tools: ClientTools
    /// Calls of functions that stand in for custom tools, and go on.
    private var calls: [Call] = []

    /// nil: there is nothing to change.
    init?(_ tools: ClientTools) {
        guard !tools.isUnchanged else { return nil }
        self.tools = tools
    }

    /// Changes the calls among `events`.
    mutating func restore(_ events: inout [CompletionEvent]) {
        var place = 0
        while place < events.count {
            switch events[place] {
            case .toolCallBegan(let choice, let call, let id, let name, let isCustom, let signature):
                let standsIn = !isCustom && tools.isCustom(name)
                if standsIn { calls.append(Call(choice: choice, call: call)) }
                events[place] = .toolCallBegan(
                    choice: choice, call: call, id: id, name: tools.client(name), isCustom: isCustom || standsIn,
                    signature: signature)
            case .toolCallArguments(let choice, let call, let piece):
                guard let open = calls.firstIndex(where: { $0.choice == choice && $0.call == call }) else { break }
                let text = calls[open].input.take(piece)
                guard !text.isEmpty else {
                    events.remove(at: place)
                    continue
                }
                events[place] = .toolCallArguments(choice: choice, call: call, text)
            case .finished(let choice, _): place += finish(choice, before: place, in: &events)
            case .began, .text, .refusal, .reasoning, .reasoningSignature, .redactedReasoning, .media, .citation,
                .logprobs, .usage, .serviceTier, .ended, .failed:
                break
            }
            place += 1
        }
    }

    /// Says what was held back of the choice's calls; how many events that took.
    private mutating func finish(_ choice: Int, before place: Int, in events: inout [CompletionEvent]) -> Int {
        var added = 0
        for open in calls.indices where calls[open].choice == choice {
            let rest = calls[open].input.finish()
            guard !rest.isEmpty else { continue }
            events.insert(.toolCallArguments(choice: choice, call: calls[open].call, rest), at: place + added)
            added += 1
        }
        calls.removeAll { $0.choice == choice }
        return added
    }
}
