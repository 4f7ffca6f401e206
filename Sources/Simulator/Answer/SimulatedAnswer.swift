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
    }

    struct Choice: Sendable, Equatable {
        var reasoning = ""
        var text = ""
        var toolCalls: [ToolCall] = []
        var finish = Finish.stop

        var reasoningTokens: Int { SimulatedTokenizer.count(reasoning) }

        /// What is billed as output, reasoning included.
        var tokens: Int {
            let calls = toolCalls.reduce(0) {
                $0 + SimulatedTokenizer.count($1.name) + SimulatedTokenizer.count($1.arguments.compactText)
            }
            return reasoningTokens + SimulatedTokenizer.count(text) + calls
        }
    }

    var choices: [Choice]

    var tokens: Int { choices.reduce(0) { $0 + $1.tokens } }
    var reasoningTokens: Int { choices.reduce(0) { $0 + $1.reasoningTokens } }
}
