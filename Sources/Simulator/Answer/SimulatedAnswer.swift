/// What the model says, before a form is given to it.
struct SimulatedAnswer: Sendable, Equatable {
    struct ToolCall: Sendable, Equatable {
        /// Without the form's prefix.
        let id: String
        let name: String
        let arguments: JSONTree
    }

    enum Finish: Sendable, Equatable {
        case stop
        /// The client's stop sequence that ended the text; the text does not contain it.
        case stopSequence(String)
        case length
        case toolCalls
        case refusal
    }

    struct Choice: Sendable, Equatable {
        var reasoning = ""
        var text = ""
        /// Instead of a text, when the model declines.
        var refusal = ""
        var toolCalls: [ToolCall] = []
        var finish = Finish.stop

        var reasoningTokens: Int { SimulatedTokenizer.count(reasoning) }

        /// What is billed as output, reasoning included.
        var tokens: Int {
            let calls = toolCalls.reduce(0) {
                $0 + SimulatedTokenizer.count($1.name) + SimulatedTokenizer.count($1.arguments.compactText)
            }
            return reasoningTokens + SimulatedTokenizer.count(text) + SimulatedTokenizer.count(refusal) + calls
        }
    }

    var choices: [Choice]

    /// The first choice as the next turn of an OpenAI-shaped conversation renders it, if the client repeats it as it is.
    var rendered: [PromptBlock] {
        guard let choice = choices.first else { return [] }
        return [
            PromptBlock(SimulatedRequest.opening(ofRole: "assistant"), isContent: false),
            PromptBlock(choice.text, extraTokens: SimulatedRequest.messageFraming),
        ] + choice.toolCalls.map { PromptBlock(OpenAIForm.call($0).compactText) }
    }

    var tokens: Int { choices.reduce(0) { $0 + $1.tokens } }
    var reasoningTokens: Int { choices.reduce(0) { $0 + $1.reasoningTokens } }
}
