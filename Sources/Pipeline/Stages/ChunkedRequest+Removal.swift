import Wire

extension ChunkedRequest {
    /// Leaves messages out: of the body by edits, of the view and the blocks at once.
    ///
    /// - Parameter isGone: for each message of the view. One behind each run of those that go must stay.
    mutating func remove(
        _ isGone: [Bool], from bytes: UnsafeRawBufferPointer, _ edits: inout JSONEdits
    ) throws(JSONEditError) {
        let messages = view.messages
        guard isGone.count == messages.count, isGone.contains(true) else { return }
        var gone: [Range<Int>] = []
        var start: Int?
        for (position, message) in messages.enumerated() {
            if isGone[position] {
                start = start ?? message.span.lowerBound
            } else if let from = start {
                gone.append(from..<max(from, message.span.lowerBound))
                start = nil
            }
        }
        for span in gone { try edits.remove(span: span) }
        view.messages = messages.enumerated().filter { !isGone[$0.offset] }.map(\.element)
        view.forget(gone)
        renumber(isGone, was: messages, bytes)
    }

    /// Blocks that lose all their messages go; those that lose some are measured again.
    private mutating func renumber(_ isGone: [Bool], was messages: [PromptMessage], _ bytes: UnsafeRawBufferPointer) {
        var before = [0]
        for gone in isGone { before.append(before[before.count - 1] + (gone ? 1 : 0)) }
        blocks = blocks.compactMap { block in
            guard !block.messages.isEmpty else { return block }
            var block = block
            let old = block.messages
            block.messages = (old.lowerBound - before[old.lowerBound])..<(old.upperBound - before[old.upperBound])
            guard block.messages.count < old.count else { return block }
            guard let first = block.messages.first, let last = block.messages.last else { return nil }
            block.span = view.messages[first].span.lowerBound..<view.messages[last].span.upperBound
            block.estimatedTokens = view.messages[block.messages].reduce(0) {
                $0 &+ TokenEstimate.tokens($1.span, in: bytes, attachments: view.attachments)
            }
            return block
        }
    }
}

extension PromptView {
    /// Forgets what stands in spans of the body, in its order, that no longer leave for anywhere.
    mutating func forget(_ gone: [Range<Int>]) {
        func isGone(_ span: Range<Int>) -> Bool {
            let place = gone.firstInOrder { $0.upperBound > span.lowerBound }
            return place < gone.count && gone[place].contains(span.lowerBound)
        }
        let kept = cacheMarks.indices.filter { !isGone(cacheMarks[$0]) }
        if kept.count < cacheMarks.count {
            let were = caching
            cacheMarks = kept.map { cacheMarks[$0] }
            caching.longMarks = 0
            for (place, old) in kept.enumerated() { caching.noteMark(place, isLong: were.isLongMark(old)) }
        }
        attachments.removeAll { isGone($0.span) }
        developerRoles.removeAll(where: isGone)
    }
}
