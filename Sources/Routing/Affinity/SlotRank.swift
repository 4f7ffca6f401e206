/// How good a slot is among those equally warm; the least is the best.
struct SlotRank: Comparable {
    private let hasRoom: Bool
    /// Counts only between slots without room.
    private let load: Double
    /// The soonest is first in the rendezvous order.
    private let time: Double

    init(_ slot: CacheSlot, order: UInt64, loads: SlotLoads) {
        hasRoom = loads.hasRoom(slot)
        load = hasRoom ? 0 : loads.recentLoad(of: slot)
        time = ExponentialTime.draw(order, identity: slot.identity, weight: max(1, slot.weight))
    }

    static func < (left: SlotRank, right: SlotRank) -> Bool {
        if left.hasRoom != right.hasRoom { return left.hasRoom }
        return (left.load, left.time) < (right.load, right.time)
    }
}
