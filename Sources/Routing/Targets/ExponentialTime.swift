#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The time after which a target would take a call, drawn from the call's number: exponential, its rate the weight.
///
/// The soonest of several such times belongs to each with a probability of its weight over the sum of weights.
enum ExponentialTime {
    /// - Parameter weight: at least 1.
    static func draw(_ number: UInt64, identity: UInt64, weight: Int) -> Double {
        let bits = StableHash.mix(number ^ StableHash.mix(identity))
        // The upper 53 bits, moved off both ends: never 0, whose logarithm is infinite, and never 1.
        let uniform = (Double(bits >> 11) + 0.5) * 0x1p-53
        return -log(uniform) / Double(weight)
    }
}
