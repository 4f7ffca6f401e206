/// At which end of an object a new member is put.
package enum JSONMemberPlace: Sendable {
    case front, end
}

/// What one object loses and gains. All of it is known before a comma is placed, so that none is left over or missing.
struct JSONMemberEdits: Sendable, Equatable {
    /// A member to be put in: ranges of the edits' texts.
    struct Addition: Sendable, Equatable {
        /// The key with its quotes.
        var key: Range<Int>
        /// The member with a comma before and a comma behind.
        var text: Range<Int>

        func text(commaBefore: Bool, commaBehind: Bool) -> Range<Int> {
            (commaBefore ? text.lowerBound : text.lowerBound + 1)..<(commaBehind
                ? text.upperBound : text.upperBound - 1)
        }
    }

    /// Offset of the object's brace: what tells one object from another.
    let object: Int
    /// Nodes of the keys that go.
    var removed: [Int] = []
    var front: [Addition] = []
    var end: [Addition] = []

    /// The edits that make it so: removals take the comma that would be one too many, all white space else stays.
    func edits(node: Int, index: JSONIndex) -> [JSONEdits.Edit] {
        var edits: [JSONEdits.Edit] = []
        /// Where the last member that stays ends.
        var keptEnd: Int?
        /// From the first key to the last value of a run of members that go.
        var run: Range<Int>?
        for (key, value) in index.members(of: node) {
            let member = index.span(key).lowerBound..<max(index.span(key).lowerBound, index.span(value).upperBound)
            if removed.contains(key) {
                run = (run?.lowerBound ?? member.lowerBound)..<member.upperBound
                continue
            }
            if let run {
                edits.append(
                    removal(from: keptEnd ?? run.lowerBound, to: keptEnd == nil ? member.lowerBound : run.upperBound))
            }
            run = nil
            keptEnd = member.upperBound
        }
        if let run { edits.append(removal(from: keptEnd ?? run.lowerBound, to: run.upperBound)) }
        return edits + additions(keptEnd: keptEnd)
    }

    private func additions(keptEnd: Int?) -> [JSONEdits.Edit] {
        let start = object &+ 1
        guard let keptEnd else {
            return (front + end).enumerated().map { position, addition in
                insertion(at: start, addition.text(commaBefore: position > 0, commaBehind: false))
            }
        }
        return front.map { insertion(at: start, $0.text(commaBefore: false, commaBehind: true)) }
            + end.map { insertion(at: keptEnd, $0.text(commaBefore: true, commaBehind: false)) }
    }

    private func removal(from start: Int, to end: Int) -> JSONEdits.Edit {
        JSONEdits.Edit(span: start..<max(start, end), text: 0..<0, owner: object)
    }

    private func insertion(at offset: Int, _ text: Range<Int>) -> JSONEdits.Edit {
        JSONEdits.Edit(span: offset..<offset, text: text, owner: object)
    }
}
