import NIOCore
import Pipeline
import Testing
import Wire

struct ToolNamesTests {
    private static func conversation(_ names: [JSONText]) -> Conversation {
        var conversation = Conversation(form: .openAIChat, model: "m", isStream: false)
        conversation.tools = names.map { ToolDefinition(.function(parameters: nil), name: $0) }
        return conversation
    }

    private static func told(_ names: [JSONText], for form: RequestForm) -> [String] {
        var conversation = conversation(names)
        ToolNames(conversation, for: form).apply(to: &conversation)
        return conversation.tools.map(\.name.string)
    }

    private static let long = String(repeating: "n", count: 65)

    @Test(arguments: [
        (RequestForm.openAIChat, "get_weather-2", true), (.openAIChat, "mcp.files.read", false),
        (.openAIResponses, "a b", false), (.openAIChat, Self.long, false), (.anthropicMessages, Self.long, true),
        (.anthropicMessages, Self.long + Self.long, false), (.anthropicMessages, "a.b", false),
        (.geminiGenerate, "a.b:c-d_e", true), (.geminiGenerate, "2x", false), (.geminiGenerate, Self.long, false),
        (.openAIChat, "2x", true), (.openAIChat, "größe", false), (.openAIChat, "", false),
    ])
    func onlyNamesThatWouldBeRefusedChange(form: RequestForm, name: String, isTaken: Bool) throws {
        let told = try #require(Self.told([JSONText(name)], for: form).first)
        #expect((told == name) == isTaken)
        #expect(!told.isEmpty && told.utf8.count <= (form == .anthropicMessages ? 128 : 64))
        #expect(Self.told([JSONText(told)], for: form) == [told], "what is told is taken")
    }

    /// Recorded: another hash would lose every cached prompt that such a tool is in.
    @Test func namesKeepWhatTheyCanOfThemselves() {
        #expect(
            Self.told(["mcp.files.read", "a  b", "."], for: .openAIChat)
                == ["mcp_files_read_9db1ff2e", "a_b_84180277", "_5696e786"])
        #expect(Self.told(["2 x"], for: .geminiGenerate) == ["_2_x_5fc2e72f"])
        #expect(Self.told([JSONText(content: ByteBuffer(string: #"\u0061b"#))], for: .openAIChat) == ["ab"])
    }

    @Test func noTwoToolsGetOneName() {
        let first = Self.told(["a.b"], for: .openAIChat)[0]
        let told = Self.told(["a.b", JSONText(first), "a b", "a:b"], for: .openAIChat)
        #expect(told[1] == first && told[0] != first)
        #expect(Set(told).count == 4)
    }

    @Test func everyPlaceHasTheSameNameAndTheClientsComesBack() {
        var conversation = Self.conversation(["a.b", "c"])
        conversation.toolChoice = .subset(names: ["a.b", "c"], mustCall: true)
        let call = ToolCall(id: "i", name: "a.b", arguments: .encoded("{}"))
        conversation.messages = [
            Message(role: .assistant, parts: [Part(.toolCall(call))]),
            Message(role: .user, parts: [Part(.toolResult(ToolResult(callID: "i", name: "a.b", parts: [])))]),
        ]
        let names = ToolNames(conversation, for: .anthropicMessages)
        let before = conversation
        names.apply(to: &conversation)
        let told = conversation.tools[0].name
        #expect(told != "a.b" && names.client(told) == "a.b" && names.client("c") == "c")
        #expect(conversation.toolChoice == .subset(names: [told, "c"], mustCall: true))
        #expect(conversation.toolName(ofCall: "i") == told)
        guard case .toolResult(let result) = conversation.messages[1].parts[0].content else {
            Issue.record("a result stays one")
            return
        }
        #expect(result.name == told)
        conversation.toolChoice = .tool(name: told)
        var single = before
        single.toolChoice = .tool(name: "a.b")
        names.apply(to: &single)
        #expect(single.toolChoice == conversation.toolChoice)
    }

    /// A prompt that grows stays the same where it was.
    @Test func aCallInTheHistoryChangesNoToolsName() {
        var conversation = Self.conversation(["a.b"])
        let before = ToolNames(conversation, for: .openAIChat)
        conversation.messages = [
            Message(
                role: .assistant, parts: [Part(.toolCall(ToolCall(id: "i", name: "x y", arguments: .encoded("{}"))))])
        ]
        let after = ToolNames(conversation, for: .openAIChat)
        var (left, right) = (conversation, conversation)
        before.apply(to: &left)
        after.apply(to: &right)
        #expect(left.tools == right.tools)
    }
}
