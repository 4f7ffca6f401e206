extension Array {
    /// The place of the first element that is at or behind a point, found by halves; `count` where none is.
    ///
    /// - Parameter isBehind: false for every element before the point, true for all from there on.
    func firstInOrder(_ isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
