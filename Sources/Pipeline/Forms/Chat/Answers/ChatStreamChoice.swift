import NIOCore
import Wire

/// One choice of a chat stream, being written.
struct ChatStreamChoice: Sendable {
    /// A tool call that has begun.
    private struct Call: Sendable {
        var number: Int
        /// What each chunk of its arguments begins with, up to their text.
        var opening: ByteBuffer
    }

    /// What each of its chunks begins with, up to its delta.
    let opening: ByteBuffer
    var isFinished = false
    /// nil: it has left.
    var seal: ChatThoughtSeal? = ChatThoughtSeal()
    var hasSound = false
    var citations = 0
    var images = 0
    private var calls: [Call] = []

    var hasCalls: Bool { !calls.isEmpty }

    /// - Parameter head: what every chunk begins with, up to its list of choices.
    init(number: Int, head: ByteBuffer) {
        var opening = head
        opening.writeString("[{\"index\":\(number),\"delta\":")
        self.opening = opening
    }

    mutating func begin(call number: Int, isCustom: Bool) {
        var opening = opening
        let member = isCustom ? #""custom":{"input":""# : #""function":{"arguments":""#
        opening.writeString(#"{"tool_calls":[{"index":\#(number),\#(member)"#)
        calls.append(Call(number: number, opening: opening))
    }

    /// What a chunk of the call's arguments begins with, up to their text.
    mutating func opening(ofCall number: Int) -> ByteBuffer {
        if number >= 0, number < calls.count, calls[number].number == number { return calls[number].opening }
        if let call = calls.last(where: { $0.number == number }) { return call.opening }
        begin(call: number, isCustom: false)
        return calls[calls.count - 1].opening
    }
}
