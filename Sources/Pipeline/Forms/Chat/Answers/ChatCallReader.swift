import NIOCore
import Wire

/// Tells the tool calls of a choice apart, and numbers them.
///
/// A piece is of the call with its index, else of the one with its id; with neither it goes on with the call opened last,
/// or, among several pieces of one delta that all go on, with the one in its place. Servers that give all calls one index
/// begin the next by a name with another id, those that give neither by another name or by arguments that begin anew.
struct ChatCallReader: Sendable {
    private struct Call: Sendable {
        var index: Int64?
        /// nil: the vendor gave none.
        var id: JSONText?
        /// nil: it has not come yet; until then nothing is told of the call.
        var name: JSONText?
        /// Among the calls that have been told; nil: this has not.
        var number: Int?
        var isCustom = false
        var hasArguments = false
        /// Arguments that came before the name.
        var held = ByteBuffer()
    }

    /// What the pieces of a delta have in common.
    private struct Place {
        let choice: Int
        /// The delta has no other piece, or is a call of the deprecated form.
        let isAlone: Bool
        /// Its place among the delta's pieces.
        var position = 0
        /// One of the delta's pieces has opened a call.
        var hasOpened = false
    }

    private var calls: [Call] = []
    private var told = 0
    /// The deprecated form's only call.
    private var deprecated: Int?

    /// No call has been told.
    var isEmpty: Bool { told == 0 }

    /// - Parameters:
    ///   - list: `tool_calls`.
    ///   - isWhole: of a whole answer, where each element is a call of its own.
    ///   - seed: of the answer's id, of which ids are minted where the vendor gives none; nil: it has none either.
    mutating func read(
        list: Int, choice: Int, isWhole: Bool, _ nodes: ChatNodes, seed: UInt64?,
        into events: inout [CompletionEvent]
    ) {
        var place = Place(choice: choice, isAlone: nodes.isSingle(list))
        for element in nodes.elements(list) {
            let piece = ChatCallPiece(element, nodes)
            var found = isWhole ? nil : find(piece, place)
            if found == nil {
                found = open(piece)
                place.hasOpened = true
            }
            if let found { take(piece, found, choice, nodes, seed: seed, into: &events) }
            place.position += 1
        }
    }

    /// - Parameter call: `function_call`.
    mutating func read(
        deprecated call: Int, choice: Int, _ nodes: ChatNodes, seed: UInt64?, into events: inout [CompletionEvent]
    ) {
        let piece = ChatCallPiece(deprecated: call, nodes)
        let place = deprecated ?? open(piece)
        deprecated = place
        take(piece, place, choice, nodes, seed: seed, into: &events)
    }

    /// The call that the piece goes on with; nil: it opens one.
    private func find(_ piece: ChatCallPiece, _ place: Place) -> Int? {
        if let index = piece.index {
            guard let found = calls.lastIndex(where: { $0.index == index }) else { return nil }
            guard piece.name != nil, let id = piece.id, let known = calls[found].id else { return found }
            return id == known ? found : calls.lastIndex { $0.index == index && $0.id == id }
        }
        if let id = piece.id { return calls.lastIndex { $0.id == id } }
        let isLast = place.isAlone || place.hasOpened || place.position >= calls.count
        let found = isLast ? calls.count - 1 : place.position
        guard calls.indices.contains(found) else { return nil }
        guard let name = piece.name, let known = calls[found].name else { return found }
        if place.hasOpened || name != known { return nil }
        return calls[found].hasArguments && piece.arguments?.beginsObject == true ? nil : found
    }

    private mutating func open(_ piece: ChatCallPiece) -> Int {
        calls.append(Call(index: piece.index, id: piece.id?.alone))
        return calls.count - 1
    }

    private mutating func take(
        _ piece: ChatCallPiece, _ place: Int, _ choice: Int, _ nodes: ChatNodes, seed: UInt64?,
        into events: inout [CompletionEvent]
    ) {
        if calls[place].number == nil {
            calls[place].id = calls[place].id ?? piece.id?.alone
            calls[place].isCustom = calls[place].isCustom || piece.isCustom
            if let name = piece.name { tell(place, name, choice, seed ?? nodes.seed, into: &events) }
        }
        guard let arguments = piece.arguments else { return }
        calls[place].hasArguments = true
        if let number = calls[place].number {
            events.append(.toolCallArguments(choice: choice, call: number, arguments))
        } else {
            calls[place].held.writeImmutableBuffer(arguments.content)
        }
    }

    private mutating func tell(
        _ place: Int, _ name: JSONText, _ choice: Int, _ seed: @autoclosure () -> UInt64,
        into events: inout [CompletionEvent]
    ) {
        let number = told
        told += 1
        calls[place].number = number
        calls[place].name = name.alone
        let id = calls[place].id ?? ToolCallID.minted(seed: seed(), ordinal: number)
        events.append(
            .toolCallBegan(
                choice: choice, call: number, id: id, name: name, isCustom: calls[place].isCustom, signature: nil))
        guard calls[place].held.readableBytes > 0 else { return }
        events.append(.toolCallArguments(choice: choice, call: number, JSONText(content: calls[place].held)))
        calls[place].held = ByteBuffer()
    }
}

extension JSONText {
    fileprivate var beginsObject: Bool {
        content.readableBytesView.first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "{")
    }
}
