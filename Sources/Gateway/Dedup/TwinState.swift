internal import Routing

/// Where an exchange stands with those that ask the same.
struct TwinState {
    enum Part {
        case none
        case leader(TwinSeat)
        case follower(TwinSeat)
    }

    var part = Part.none
    /// This instance's mark of the call, while others may wait for it.
    var mark: InFlightMark?
    var waitsSince: Int64 = 0
    /// When the exchange stops waiting for its twin.
    var waitEnds = Int64.max
    /// The client has left, and the call goes on for the followers.
    var isOrphaned = false
    /// The answer is a twin's.
    var origin: TwinOrigin?
    /// What the client is told.
    var role: TwinRole?
}
