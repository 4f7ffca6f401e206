import NIOCore
import Wire

/// The end of the prompt, where a text can be put that changes with each request: nothing behind it can be lost by it.
///
/// Behind the last user's text, inside that message; in a list of parts as a part of its own, so that a cache mark on the part
/// before does not cover it; a text that is to bear such a mark becomes a list for it (`BodyMarks`). In an agent's loop the
/// prompt ends with what tools gave back. Where the form gives that to the user to say (Anthropic, Gemini), it is the user's
/// message. Where tools speak for themselves, a message follows them: in Chat Completions a user's, which every vendor takes
/// there; in Responses a developer's, for a user's would end the turn and with it the reasoning that OpenAI keeps for it.
struct PromptTail {
    private enum Place {
        /// Before a string's closing quote.
        case text(end: Int, isEmpty: Bool)
        /// Behind a list's last part, or its opening bracket.
        case part(offset: Int, isFirst: Bool)
        case message(offset: Int)
    }

    private let source: PromptSource
    private let place: Place

    /// nil: there is no such end.
    ///
    /// - Parameter turn: the current turn.
    init?(_ source: PromptSource, view: PromptView, turn: Block?) {
        guard let turn, turn.kind == .currentTurn else { return nil }
        self.source = source
        guard !view.messages.isEmpty else {
            guard let node = source.index.node(at: view.messagesValue.lowerBound),
                let place = Self.place(inside: node, source)
            else { return nil }
            self.place = place
            return
        }
        // An answer that the client began, and reminders, are not the user's.
        let last = view.messages[turn.messages].lastIndex { $0.role == .user || $0.role == .tool || $0.role == .function }
        guard let last else { return nil }
        let message = view.messages[last]
        if message.role != .user {
            place = .message(offset: message.span.upperBound)
        } else if let content = source.content(ofMessageAt: message.span), let place = Self.place(inside: content, source) {
            self.place = place
        } else {
            return nil
        }
    }

    private static func place(inside content: Int, _ source: PromptSource) -> Place? {
        switch source.index.kind(of: content) {
        case .string:
            let text = source.content(of: content)
            return .text(end: text.upperBound, isEmpty: text.isEmpty)
        case .array:
            var last: Int?
            for part in source.index.elements(of: content) { last = part }
            return .part(
                offset: last.map { source.index.span($0).upperBound } ?? source.index.span(content).lowerBound + 1,
                isFirst: last == nil)
        case .object, .number, .true, .false, .null: return nil
        }
    }

    /// Puts texts of the body there, one a line.
    ///
    /// - Parameter texts: of strings, escapes as they stand.
    func append(_ texts: [Range<Int>], _ edits: inout JSONEdits) throws(JSONEditError) -> MovedTexts {
        var moved = ByteBuffer()
        for (place, span) in texts.enumerated() {
            if place > 0 { moved.writeStaticString("\\n") }
            moved.writeBytes(source.bytes[span])
        }
        let (before, behind, offset) = frame
        var text = ByteBuffer(string: before)
        text.writeImmutableBuffer(moved)
        text.writeString(behind)
        try edits.insert(at: offset, text)
        return MovedTexts(place: kind, offset: offset, text: moved)
    }

    private var kind: MovedTexts.Place {
        switch place {
        case .text: .text
        case .part: .part
        case .message: .message
        }
    }

    private var frame: (before: String, behind: String, offset: Int) {
        switch place {
        case .text(let end, let isEmpty): (isEmpty ? "" : #"\n\n"#, "", end)
        case .part(let offset, let isFirst):
            switch source.form {
            case .geminiGenerate: ((isFirst ? "" : ",") + #"{"text":""#, #""}"#, offset)
            case .openAIResponses: ((isFirst ? "" : ",") + #"{"type":"input_text","text":""#, #""}"#, offset)
            case .openAIChat, .anthropicMessages, nil: ((isFirst ? "" : ",") + #"{"type":"text","text":""#, #""}"#, offset)
            }
        case .message(let offset):
            switch source.form {
            case .openAIResponses: (#",{"role":"developer","content":""#, #""}"#, offset)
            case .openAIChat, .anthropicMessages, .geminiGenerate, nil: (#",{"role":"user","content":""#, #""}"#, offset)
            }
        }
    }
}
