/// The latest turn of each session, in bounded memory: the sessions nobody has asked for longest go first.
///
/// A ring with second chances: a session asked for since the hand came by last is passed over once. Not synchronised.
struct SessionBook: Sendable {
    private struct Place: Sendable {
        var session: UInt64
        var turn: SessionTurn
        var wasAsked: Bool
    }

    /// Blocks of one turn that are remembered; a longer prompt is remembered by its first ones.
    static let maximumBlocks = 256

    private let capacity: Int
    private var places: [Place] = []
    private var positions: [UInt64: Int] = [:]
    private var hand = 0

    /// - Parameter capacity: sessions at most; one takes some 100 bytes and nine for each block of its prompt.
    init(capacity: Int = 16_384) {
        self.capacity = max(1, capacity)
    }

    var count: Int { places.count }

    /// nil: the session is not known, or was forgotten.
    mutating func turn(of session: UInt64) -> SessionTurn? {
        guard let position = positions[session] else { return nil }
        places[position].wasAsked = true
        return places[position].turn
    }

    mutating func remember(_ turn: SessionTurn, of session: UInt64) {
        var turn = turn
        if turn.chain.count > Self.maximumBlocks {
            turn.chain.removeSubrange(Self.maximumBlocks...)
            turn.kinds.removeSubrange(Self.maximumBlocks...)
        }
        if let position = positions[session] {
            places[position].turn = turn
            places[position].wasAsked = true
        } else if places.count < capacity {
            positions[session] = places.count
            places.append(Place(session: session, turn: turn, wasAsked: false))
        } else {
            let position = freePosition()
            positions[places[position].session] = nil
            positions[session] = position
            places[position] = Place(session: session, turn: turn, wasAsked: false)
        }
    }

    private mutating func freePosition() -> Int {
        while places[hand].wasAsked {
            places[hand].wasAsked = false
            hand = (hand + 1) % places.count
        }
        let position = hand
        hand = (hand + 1) % places.count
        return position
    }
}
