/// Counts of what a sliding window admitted, in slots of 1/128 of the window.
///
/// A slot covers `[s·width, (s+1)·width)`. What came in slot `s` has left every window that ends in slot `s +
/// slotCount` or later, since `slotCount · width` covers the window and one slot more.
struct SlotRing: Sendable {
    private static let slotsPerWindow: Int64 = 128

    private let width: Int64
    private var counts: [Int]
    private var total = 0
    /// The slot of the last time seen.
    private var newest = Int64.min

    /// - Parameter windowNanoseconds: at least 1.
    init(windowNanoseconds: Int64) {
        let (quotient, rest) = windowNanoseconds.quotientAndRemainder(dividingBy: Self.slotsPerWindow)
        width = quotient + (rest > 0 ? 1 : 0)
        let (slots, partial) = windowNanoseconds.quotientAndRemainder(dividingBy: width)
        counts = [Int](repeating: 0, count: Int(slots) + (partial > 0 ? 1 : 0) + 1)
    }

    /// - Parameter wanted: 1…limit
    mutating func admit(_ wanted: Int, limit: Int, now: Int64) -> LimitVerdict {
        let slot = Self.floorDivide(now, width)
        advance(to: slot)
        guard wanted <= limit - total else {
            return .refused(retryAfterNanoseconds: wait(until: wanted - (limit - total), now: now))
        }
        counts[place(of: slot)] += wanted
        total += wanted
        return .admitted(
            remaining: limit - total, resetNanoseconds: time(fromNow: now, toStartOf: slot &+ Int64(counts.count)))
    }

    mutating func withdraw(_ wanted: Int, notBefore: Int64) {
        guard newest != .min else { return }
        var left = wanted
        var slot = max(Self.floorDivide(notBefore, width), newest &- Int64(counts.count - 1))
        while left > 0, slot <= newest {
            let taken = min(left, counts[place(of: slot)])
            counts[place(of: slot)] -= taken
            total -= taken
            left -= taken
            slot &+= 1
        }
    }

    private mutating func advance(to slot: Int64) {
        let (step, overflow) = slot.subtractingReportingOverflow(newest)
        guard !overflow, step < Int64(counts.count) else {
            for index in counts.indices { counts[index] = 0 }
            total = 0
            newest = slot
            return
        }
        while newest < slot {
            newest += 1
            let index = place(of: newest)
            total -= counts[index]
            counts[index] = 0
        }
    }

    /// Until so many have left, from the oldest on.
    private func wait(until wanted: Int, now: Int64) -> Int64 {
        var left = wanted
        var slot = newest &- Int64(counts.count - 1)
        while slot < newest {
            left -= counts[place(of: slot)]
            if left <= 0 { break }
            slot &+= 1
        }
        return time(fromNow: now, toStartOf: slot &+ Int64(counts.count))
    }

    private func time(fromNow now: Int64, toStartOf slot: Int64) -> Int64 {
        slot &* width &- now
    }

    private func place(of slot: Int64) -> Int {
        let rest = Int(slot % Int64(counts.count))
        return rest < 0 ? rest + counts.count : rest
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}
