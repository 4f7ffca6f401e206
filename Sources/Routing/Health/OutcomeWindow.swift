/// Results of the recent past, counted in buckets of time; a bucket falls out as a whole.
struct OutcomeWindow: Sendable {
    private struct Bucket: Sendable {
        var total = 0
        var failures = 0
    }

    private var buckets: [Bucket]
    private let bucketNanoseconds: Int64
    /// The bucket of the last time seen, counted from the clock's zero.
    private var newest = Int64.min
    private(set) var total = 0
    private(set) var failures = 0

    init(windowNanoseconds: Int64, buckets count: Int) {
        let count = min(max(1, count), 1_000)
        buckets = [Bucket](repeating: Bucket(), count: count)
        bucketNanoseconds = max(1, windowNanoseconds / Int64(count))
    }

    mutating func add(success: Bool, nowNanoseconds: Int64) {
        advance(to: nowNanoseconds)
        let place = place(of: newest)
        buckets[place].total += 1
        total += 1
        if !success {
            buckets[place].failures += 1
            failures += 1
        }
    }

    mutating func clear() {
        for place in buckets.indices { buckets[place] = Bucket() }
        total = 0
        failures = 0
    }

    /// Earlier times than the last count as the last.
    private mutating func advance(to nowNanoseconds: Int64) {
        let (quotient, rest) = nowNanoseconds.quotientAndRemainder(dividingBy: bucketNanoseconds)
        let slot = rest < 0 ? quotient - 1 : quotient
        guard slot > newest else { return }
        let (step, overflow) = slot.subtractingReportingOverflow(newest)
        guard !overflow, step < Int64(buckets.count) else {
            clear()
            newest = slot
            return
        }
        while newest < slot {
            newest += 1
            let place = place(of: newest)
            total -= buckets[place].total
            failures -= buckets[place].failures
            buckets[place] = Bucket()
        }
    }

    private func place(of slot: Int64) -> Int {
        let rest = Int(slot % Int64(buckets.count))
        return rest < 0 ? rest + buckets.count : rest
    }
}
