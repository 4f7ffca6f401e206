/// What numbers of the file may be; past it lies a slip of the pen.
enum Bounds {
    static let bodyBytes = 1...(1 << 40)
    static let concurrency = 1...10_000_000
    /// A wait that may not be zero.
    static let wait = Duration.milliseconds(1)...Duration.seconds(7 * 86_400)
    /// A wait that may be zero: not at all.
    static let optionalWait = Duration.zero...Duration.seconds(7 * 86_400)
    static let cacheTTL = Duration.zero...Duration.seconds(86_400)
    static let rate = 1...Int.max
    static let weight = 0...1_000_000
    static let keyWeight = 1...1_000_000
    static let connections = 0...1_000_000
    static let buckets = 1...10_000
    static let count = 1...1_000_000_000
    static let batch = 1...100_000
    static let share = 0.0...1.0
}
