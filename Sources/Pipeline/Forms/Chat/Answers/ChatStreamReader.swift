import NIOCore
package import Wire

/// Reads a chat completion stream, in any vendor's dialect of the form.
package struct ChatStreamReader: Sendable {
    private var hasBegun = false
    private var hasEnded = false
    private var choices: [ChatStreamChoice] = []
    private var seed: UInt64 = 0
    private var tier: JSONText?

    /// Choices past these are the last one: no vendor gives as many (the form's own limit is 128).
    private static let maximumChoices = 128

    package init() {}

    /// Appends what `event` says.
    ///
    /// - Parameter index: scratch; holds the event's index afterwards.
    /// - Returns: false where the event is not what the form allows.
    package mutating func read(
        _ event: SSEEvent, index: inout JSONIndex, into events: inout [CompletionEvent]
    ) -> Bool {
        guard !hasEnded, event.data.readableBytes > 0 else { return true }
        if Self.isDone(event.data) {
            begin(nil, into: &events)
            end(into: &events)
            return true
        }
        guard let root = JSONView(event.data, index: &index), root.isObject else { return false }
        if root["error"] != nil {
            begin(root, into: &events)
            hasEnded = true
            events.append(.failed(UpstreamErrorReader.read(event.data, index: &index)))
            return true
        }
        let list = root["choices"]
        if let list, list.kind != .array { return false }
        begin(root, into: &events)
        if let list {
            for (position, choice) in list.index.elements(of: list.node).enumerated() {
                read(list.at(choice), position, into: &events)
            }
        }
        if let usage = root["usage"].flatMap(ChatUsage.read) { events.append(.usage(usage)) }
        if let tier = root["service_tier"]?.text, tier != self.tier {
            self.tier = tier
            events.append(.serviceTier(tier))
        }
        return true
    }

    /// The connection ended. Not every server says `[DONE]`.
    package mutating func finish(into events: inout [CompletionEvent]) {
        guard !choices.isEmpty, choices.allSatisfy(\.isFinished) else { return }
        end(into: &events)
    }

    private mutating func end(into events: inout [CompletionEvent]) {
        guard !hasEnded else { return }
        hasEnded = true
        events.append(.ended)
    }

    private static func isDone(_ data: ByteBuffer) -> Bool {
        data.readableBytes <= 16 && data.readableBytesView.drop { $0 == 0x20 }.starts(with: "[DONE]".utf8)
    }

    private mutating func begin(_ root: JSONView?, into events: inout [CompletionEvent]) {
        guard !hasBegun else { return }
        hasBegun = true
        guard let root else { return events.append(.began(CompletionStart())) }
        seed = ChatCallID.seed(root)
        let usage = root["usage"].flatMap(ChatUsage.read)
        events.append(
            .began(
                CompletionStart(
                    id: root["id"]?.text, model: root["model"]?.text, createdSeconds: root["created"]?.int64,
                    usage: usage?.prompt ?? 0 > 0 ? usage : nil)))
    }

    private mutating func read(_ choice: JSONView, _ position: Int, into events: inout [CompletionEvent]) {
        guard choice.isObject else { return }
        let number = Int(min(max(0, choice["index"]?.int64 ?? Int64(position)), Int64(Self.maximumChoices - 1)))
        while choices.count <= number { choices.append(ChatStreamChoice(number: choices.count)) }
        choices[number].read(choice, seed: seed, into: &events)
    }
}
