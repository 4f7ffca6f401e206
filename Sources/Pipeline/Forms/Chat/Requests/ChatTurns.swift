import NIOCore
import Wire

/// A conversation's messages as the form groups them: runs of neighbours that are all the model's or none of them, and turns,
/// each from what the user says to what the user says next.
struct ChatTurns {
    struct Run {
        /// Of the conversation's messages; not empty.
        let messages: Range<Int>
        let isAssistants: Bool
        fileprivate let turn: Int
    }

    let runs: [Run]
    /// For each turn: tools were called in it.
    private let haveCalls: [Bool]

    init(_ messages: [Message]) {
        var runs: [Run] = []
        var haveCalls = [false]
        var start = 0
        while start < messages.count {
            var end = start + 1
            while end < messages.count, Self.belongs(messages[end], with: messages[start]) { end += 1 }
            let isAssistants = messages[start].role == .assistant
            if !isAssistants, messages[start..<end].contains(where: \.isUsersWord) { haveCalls.append(false) }
            let turn = haveCalls.count - 1
            if isAssistants, messages[start..<end].contains(where: { $0.parts.contains(where: \.isToolCall) }) {
                haveCalls[turn] = true
            }
            runs.append(Run(messages: start..<end, isAssistants: isAssistants, turn: turn))
            start = end
        }
        self.runs = runs
        self.haveCalls = haveCalls
    }

    /// Tools were called in the run's turn.
    func isOfCalls(_ run: Run) -> Bool { haveCalls[run.turn] }

    private static func belongs(_ message: Message, with first: Message) -> Bool {
        guard message.role == .assistant, first.role == .assistant else {
            return message.role != .assistant && first.role != .assistant
        }
        return message.name == first.name
    }
}

extension Message {
    /// The user says something, besides what tools gave back.
    fileprivate var isUsersWord: Bool { role == .user && parts.contains { !$0.isToolResult } }
}

/// Thoughts that a vendor wants back.
///
/// DeepSeek, when it thinks, answers 400 to a history in which a message of the model's in a turn with calls has no
/// `reasoning_content` (api-docs.deepseek.com/guides/thinking_mode, read 2026-11), and an empty one is none to its newer
/// models (github.com/NousResearch/hermes-agent, pull request 17341, 2026-04). Histories of other models, and of clients that
/// keep no thoughts, lack them: such a request asks for no thinking, with which nothing is wanted back.
enum ChatThoughts {
    /// A chat request that thinks, and whose messages would be refused for thoughts that they lack.
    ///
    /// - Parameter root: the body, as a vendor of this form is sent it.
    static func areMissing(in root: JSONView) -> Bool {
        if root["thinking"]?["type"]?.means("disabled") == true { return false }
        var lacks = false
        var hasCalls = false
        for message in root["messages"]?.elements ?? [] {
            guard let role = message["role"] else { continue }
            if role.means("user") {
                if lacks, hasCalls { return true }
                lacks = false
                hasCalls = false
            } else if role.means("assistant") {
                hasCalls = hasCalls || message["tool_calls"]?.hasElements == true
                lacks = lacks || message["reasoning_content"]?.text?.isEmpty ?? true
            }
        }
        return lacks && hasCalls
    }

    static let off: StaticString = #"{"type":"disabled"}"#
}
