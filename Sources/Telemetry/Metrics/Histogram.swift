/// How often durations fell into each of a few ranges, in Prometheus' sense: ranges are "at most this long".
final class Histogram: Sendable {
    /// Upper bounds in microseconds, rising; past the last there is one more range without a bound.
    let bounds: [Int64]
    /// One cell for each bound, one for what is longer, one for the sum of all durations in microseconds.
    private let cells: AtomicCells

    init(bounds: [Int64]) {
        self.bounds = bounds
        cells = AtomicCells(count: bounds.count + 2)
    }

    /// Counts one duration; a negative one counts as 0.
    func record(microseconds: Int64) {
        let value = max(microseconds, 0)
        cells.add(1, at: range(of: value))
        cells.add(value, at: bounds.count + 1)
    }

    /// How many durations fell into each range, the unbounded one last, not yet summed up.
    var counts: [Int64] { (0...bounds.count).map { cells.value(at: $0) } }

    /// The sum of all durations.
    var sumMicroseconds: Int64 { cells.value(at: bounds.count + 1) }

    private func range(of value: Int64) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low &+ high) / 2
            if bounds[middle] < value { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}

extension Histogram {
    /// Whole requests: 1 ms to 600 s.
    static let durationBounds: [Int64] = [
        1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000, 30_000_000, 60_000_000, 120_000_000, 300_000_000, 600_000_000,
    ]

    /// First tokens: 1 ms to 60 s.
    static let firstTokenBounds: [Int64] = [
        1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000, 30_000_000, 60_000_000,
    ]

    /// What the gateway itself adds: 10 µs to 1 s.
    static let overheadBounds: [Int64] = [
        10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    ]
}
