/// What is already edited.
extension JSONEdits {
    /// A text can be put in at `offset`: no edit replaces both what is before it and what is behind.
    package func takesInsertion(at offset: Int) -> Bool {
        let place = firstEdit(endingBehind: offset)
        return place == edits.count || edits[place].span.lowerBound >= offset
    }

    /// The place of the first edit that ends behind `offset`. Spans do not overlap: their ends are in order too.
    private func firstEdit(endingBehind offset: Int) -> Int {
        var (low, high) = (0, edits.count)
        while low < high {
            let middle = (low + high) / 2
            if edits[middle].span.upperBound > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
