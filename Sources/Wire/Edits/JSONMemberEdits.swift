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
    func forEachEdit(
        node: Int, index: JSONIndex, _ body: (JSONEdits.Edit) throws(JSONEditError) -> Void
    ) throws(JSONEditError) {
        /// Where the last member that stays ends.
        var keptEnd: Int?
        /// From the first key to the last value of a run of members that go.
        var run: Range<Int>?
        for (key, value) in index.members(of: node) {
            let start = index.span(key).lowerBound
            let end = max(start, index.span(value).upperBound)
            if removed.contains(key) {
                run = (run?.lowerBound ?? start)..<end
                continue
            }
            if let run {
                try body(removal(from: keptEnd ?? run.lowerBound, to: keptEnd == nil ? start : run.upperBound))
            }
            run = nil
            keptEnd = end
        }
        if let run { try body(removal(from: keptEnd ?? run.lowerBound, to: run.upperBound)) }
        let start = object &+ 1
        if let keptEnd {
            for addition in front {
                try body(insertion(at: start, addition.text(commaBefore: false, commaBehind: true)))
            }
            for addition in end {
                try body(insertion(at: keptEnd, addition.text(commaBefore: true, commaBehind: false)))
            }
        } else {
            var isFirst = true
            for addition in front + end {
                try body(insertion(at: start, addition.text(commaBefore: !isFirst, commaBehind: false)))
                isFirst = false
            }
        }
    }

    private func removal(from start: Int, to end: Int) -> JSONEdits.Edit {
        JSONEdits.Edit(span: start..<max(start, end), text: 0..<0, owner: object)
    }

    private func insertion(at offset: Int, _ text: Range<Int>) -> JSONEdits.Edit {
        JSONEdits.Edit(span: offset..<offset, text: text, owner: object)
    }
}
