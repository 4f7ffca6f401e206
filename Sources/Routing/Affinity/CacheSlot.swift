/// One prompt cache a call can be sent to: a vendor's key, region, replica and model together.
package struct CacheSlot: Sendable, Equatable {
    /// The same for the same cache in every process and every start (see `StableHash`), or instances would disagree.
    package var identity: UInt64
    /// Its part of the work; 0 or below: only when no other is available.
    package var weight: Int
    /// Healthy, and within its quota.
    package var isAvailable: Bool
    /// Requests it is working on now.
    package var inFlight: Int
    package var recent: RecentLoad

    package init(
        identity: UInt64, weight: Int = 1, isAvailable: Bool = true, inFlight: Int = 0,
        recent: RecentLoad = RecentLoad()
    ) {
        self.identity = identity
        self.weight = weight
        self.isAvailable = isAvailable
        self.inFlight = inFlight
        self.recent = recent
    }
}
