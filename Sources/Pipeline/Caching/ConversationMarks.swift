import NIOCore
import Wire

/// Marks on a conversation in no vendor's form.
enum ConversationMarks {
    static func put(
        _ target: PromptOutline.Target, _ life: CacheLife, _ rules: CacheRules, into conversation: inout Conversation
    ) -> Bool {
        let long: JSONText = rules.marks == .breakpoints ? "12h" : "1h"
        let mark = CacheMark(timeToLive: life == .long ? long : nil)
        switch target {
        case .body: return false
        case .tool(let place): conversation.tools[place].cacheMark = mark
        case .instruction(let place): conversation.instructions[place].cacheMark = mark
        case .part(let message, let part): conversation.messages[message].parts[part].cacheMark = mark
        }
        return true
    }

    /// Makes what was moved behind the last user's text a part of its own: the last one of the message whose place is given
    /// back. nil: it is not found.
    static func part(from moved: MovedTexts, in conversation: inout Conversation) -> Int? {
        let bytes = moved.text.readableBytesView
        for place in conversation.messages.indices.reversed() {
            guard let last = conversation.messages[place].parts.indices.last,
                case .text(let text) = conversation.messages[place].parts[last].content,
                text.content.readableBytesView.suffix(bytes.count).elementsEqual(bytes)
            else { continue }
            let rest = text.content.readableBytes - bytes.count - (moved.place == .text ? emptyLineCount : 0)
            guard rest > 0, let before = text.content.getSlice(at: text.content.readerIndex, length: rest) else {
                return place
            }
            conversation.messages[place].parts[last].content = .text(JSONText(content: before))
            conversation.messages[place].parts.append(Part(.text(JSONText(content: moved.text))))
            return place
        }
        return nil
    }

    /// Bytes of two escapes.
    private static let emptyLineCount = 4

    /// Leaves the last mark on tools or instructions, and the latest on messages: `most` in all. How many went.
    static func keepLatest(_ most: Int, of conversation: inout Conversation) -> Int {
        let count = conversation.markCount
        guard count > most else { return 0 }
        var room = max(0, most - 1)
        for message in conversation.messages.indices.reversed() {
            for part in conversation.messages[message].parts.indices.reversed() {
                conversation.messages[message].parts[part].keepMarks(&room)
            }
        }
        room += 1
        for place in conversation.instructions.indices.reversed()
        where conversation.instructions[place].cacheMark != nil {
            if room == 0 { conversation.instructions[place].cacheMark = nil } else { room -= 1 }
        }
        for place in conversation.tools.indices.reversed() where conversation.tools[place].cacheMark != nil {
            if room == 0 { conversation.tools[place].cacheMark = nil } else { room -= 1 }
        }
        return count - conversation.markCount
    }

    static func removeAll(from conversation: inout Conversation) -> CachePlan {
        var plan = CachePlan(outcome: .off)
        plan.droppedMarks = conversation.markCount
        for place in conversation.tools.indices { conversation.tools[place].cacheMark = nil }
        for place in conversation.instructions.indices { conversation.instructions[place].cacheMark = nil }
        for message in conversation.messages.indices {
            for part in conversation.messages[message].parts.indices {
                var room = 0
                conversation.messages[message].parts[part].keepMarks(&room)
            }
        }
        if conversation.form == .anthropicMessages { conversation.others.removeAll { $0.name == "cache_control" } }
        return plan
    }
}

extension Conversation {
    fileprivate var markCount: Int {
        tools.count { $0.cacheMark != nil } + instructions.count { $0.cacheMark != nil }
            + messages.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.cacheMarks.count } }
    }
}

extension Part {
    /// Leaves as many of its marks, the last ones, as there is room.
    fileprivate mutating func keepMarks(_ room: inout Int) {
        if cacheMark != nil {
            if room == 0 { cacheMark = nil } else { room -= 1 }
        }
        guard case .toolResult(var result) = content else { return }
        for place in result.parts.indices.reversed() where result.parts[place].cacheMark != nil {
            if room == 0 { result.parts[place].cacheMark = nil } else { room -= 1 }
        }
        content = .toolResult(result)
    }
}
