/// The latest turn of each session, in bounded memory: the sessions nobody has asked for longest go first.
///
/// A ring with second chances: a session asked for since the hand came by last is passed over once. Not synchronised.
struct SessionBook: Sendable {
    private struct Place: Sendable {
        var session: UInt64
        /// nil: none was answered yet.
        var turn: SessionTurn?
        var pace = SessionPace()
        var wasAsked = false
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

    /// nil: no turn of the session was answered, or it was forgotten.
    mutating func turn(of session: UInt64) -> SessionTurn? {
        guard let position = positions[session] else { return nil }
        places[position].wasAsked = true
        return places[position].turn
    }

    /// Another request of the session is sent, which may be its first: how the session went on before it.
    mutating func send(_ session: UInt64, nowNanoseconds: Int64) -> SessionPace {
        let position = position(of: session)
        places[position].pace.beginMinute(nowNanoseconds: nowNanoseconds)
        let before = places[position].pace
        places[position].pace.send()
        return before
    }

    mutating func remember(_ turn: SessionTurn, of session: UInt64) {
        var turn = turn
        if turn.chain.count > Self.maximumBlocks {
            turn.chain.removeSubrange(Self.maximumBlocks...)
            turn.kinds.removeSubrange(Self.maximumBlocks...)
        }
        let position = position(of: session)
        let earlier = places[position].turn
        places[position].pace.answer(
            afterNanoseconds: earlier.map { turn.answeredAtNanoseconds &- $0.answeredAtNanoseconds })
        places[position].turn = turn
        places[position].wasAsked = earlier != nil
    }

    /// The session's place, or one that is made free for it.
    private mutating func position(of session: UInt64) -> Int {
        if let position = positions[session] { return position }
        let position: Int
        if places.count < capacity {
            position = places.count
            places.append(Place(session: session))
        } else {
            position = freePosition()
            positions[places[position].session] = nil
            places[position] = Place(session: session)
        }
        positions[session] = position
        return position
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

/// How often a session's turns come.
struct SessionPace: Sendable, Equatable {
    /// Answered so far.
    private(set) var turns = 0
    /// Between two answers, the newer ones weighing more; nil before the second.
    private(set) var typicalGapNanoseconds: Int64?
    /// Requests sent since the minute began.
    private(set) var sentThisMinute = 0
    private var minuteEndNanoseconds = Int64.min

    /// A turn was answered, so long after the one before, below 0 counting as 0; nil: it is the first.
    mutating func answer(afterNanoseconds gap: Int64?) {
        turns = min(turns + 1, 1_000_000)
        guard let gap = gap.map({ max(0, $0) }) else { return }
        typicalGapNanoseconds = typicalGapNanoseconds.map { $0 / 4 * 3 + gap / 4 } ?? gap
    }

    /// Minutes follow one another without a gap only while requests come.
    mutating func beginMinute(nowNanoseconds: Int64) {
        guard nowNanoseconds >= minuteEndNanoseconds else { return }
        minuteEndNanoseconds = nowNanoseconds &+ 60_000_000_000
        sentThisMinute = 0
    }

    mutating func send() { sentThisMinute = min(sentThisMinute + 1, 1_000_000) }
}
