/// Which prefix is in which cache, and until when: a table of fixed size in buckets of eight, 16 bytes an entry.
///
/// A full bucket forgets what has run out, or else what was recorded longest ago. Two pairs with one 64-bit key are
/// taken for each other: that misleads one choice of a slot and nothing else.
struct WarmPrefixTable: Sendable {
    private struct Entry: Sendable {
        /// 0: empty.
        var key: UInt64 = 0
        /// Seconds; warm before it.
        var expirySeconds: UInt32 = 0
        /// The number of the record that last touched it.
        var touched: UInt32 = 0
    }

    private static let ways = 8
    static let bytesPerEntry = MemoryLayout<Entry>.stride

    private var entries: [Entry]
    private let bucketMask: UInt64
    private var records: UInt32 = 0

    /// - Parameter capacity: entries; rounded up to a power of two, at least a bucket and at most 2^28.
    init(capacity: Int) {
        var buckets = 1
        while buckets * Self.ways < min(capacity, 1 << 28) { buckets *= 2 }
        entries = [Entry](repeating: Entry(), count: buckets * Self.ways)
        bucketMask = UInt64(buckets - 1)
    }

    var capacity: Int { entries.count }

    /// The key of a prefix in a slot. `slot` is `StableHash.mix` of the slot's identity.
    static func key(prefix: UInt64, slot: UInt64) -> UInt64 { max(1, StableHash.mix(prefix ^ slot)) }

    func isWarm(_ key: UInt64, nowSeconds: UInt32) -> Bool {
        let first = firstPlace(of: key)
        for place in first..<first + Self.ways where entries[place].key == key {
            return entries[place].expirySeconds > nowSeconds
        }
        return false
    }

    /// Begins a record: all entries kept from here to the next call count as touched together.
    mutating func beginRecord() { records &+= 1 }

    /// Keeps an entry; an earlier expiry than the known one does not shorten it.
    mutating func keep(_ key: UInt64, untilSeconds expiry: UInt32, nowSeconds: UInt32) {
        let first = firstPlace(of: key)
        var victim = first
        var victimAge: UInt64 = 0
        for place in first..<first + Self.ways {
            let entry = entries[place]
            if entry.key == key {
                entries[place].expirySeconds = max(entry.expirySeconds, expiry)
                entries[place].touched = records
                return
            }
            let isFree = entry.key == 0 || entry.expirySeconds <= nowSeconds
            let age = isFree ? UInt64.max : UInt64(records &- entry.touched)
            if age > victimAge { (victim, victimAge) = (place, age) }
        }
        entries[victim] = Entry(key: key, expirySeconds: expiry, touched: records)
    }

    private func firstPlace(of key: UInt64) -> Int { Int(key & bucketMask) * Self.ways }
}
