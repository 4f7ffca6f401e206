/// Works out, while an object's members are walked, which bytes to leave out so that it is the same JSON without its marks.
///
/// A mark takes the comma before it along where a member that stays precedes, else all up to the member after it.
struct CacheMarkCuts {
    /// The node after the object.
    let end: Int
    /// The value of the member before, once a member that stays has been passed.
    private var previous: Int?
    private var wasCut = false

    init(end: Int) {
        self.end = end
    }

    /// What goes with the mark at `key`.
    mutating func cut(_ key: Int, in index: JSONIndex) -> Range<Int> {
        wasCut = true
        let value = index.span(key &+ 1)
        if let previous { return index.span(previous).upperBound..<value.upperBound }
        let follower = index.successor(of: key &+ 1)
        return index.span(key).lowerBound..<(follower < end ? index.span(follower).lowerBound : value.upperBound)
    }

    /// Goes on behind a member, cut or not.
    mutating func pass(_ value: Int) {
        if previous != nil || !wasCut { previous = value }
        wasCut = false
    }
}
