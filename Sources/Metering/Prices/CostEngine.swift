/// What usage costs: exact in pico-USD, rounded once, to the nearest nano-USD, half to even.
package enum CostEngine {
    /// The cost of one upstream answer.
    ///
    /// Reasoning is priced as completion. Audio and image tokens are priced as prompt: `Price` has no row for them, and
    /// vendors that count them within their prompt and completion totals never fill those members.
    /// - Parameter multiplierMillionths: what the customer pays of the list price; 800,000 is 80 %. Zero makes it free.
    /// - Throws: `MoneyError.negative` when a count, a price or the multiplier is below zero; `overflow` when the exact
    ///   result does not fit.
    package static func cost(
        of usage: TokenUsage, at price: Price, multiplierMillionths: Int64 = 1_000_000
    ) throws(MoneyError) -> NanoUSD {
        guard multiplierMillionths >= 0 else { throw .negative }
        var total = Total()
        try total.add(usage.uncachedInput, at: price.promptPicoUSD)
        try total.add(usage.cacheRead, at: price.cacheReadPicoUSD)
        try total.add(usage.cacheWrite5m, at: price.cacheWritePicoUSD)
        try total.add(usage.cacheWrite1h, at: price.cacheWrite1hPicoUSD ?? price.cacheWritePicoUSD)
        try total.add(usage.visibleOutput, at: price.completionPicoUSD)
        try total.add(usage.reasoning, at: price.completionPicoUSD)
        try total.add(usage.audio, at: price.promptPicoUSD)
        try total.add(usage.image, at: price.promptPicoUSD)
        return try total.rounded(multiplierMillionths: multiplierMillionths)
    }

    /// What a prompt cache saved: tokens read for less than they cost as prompt, less what tokens written cost more.
    /// Negative where writing cost more than reading saved. Down to whole nano-USD, clamped to its range.
    package static func cacheSaving(of usage: TokenUsage, at price: Price) -> NanoUSD {
        let prompt = Int128(price.promptPicoUSD)
        let write1h = price.cacheWrite1hPicoUSD ?? price.cacheWritePicoUSD
        let picoUSD =
            Int128(usage.cacheRead) * (prompt - Int128(price.cacheReadPicoUSD))
            - Int128(usage.cacheWrite5m) * (Int128(price.cacheWritePicoUSD) - prompt)
            - Int128(usage.cacheWrite1h) * (Int128(write1h) - prompt)
        return NanoUSD(units: Int64(clamping: picoUSD / 1_000))
    }

    /// A sum of pico-USD. Two products of 63-bit numbers fit in it, so what overflows is far beyond any `NanoUSD`.
    private struct Total {
        private var picoUSD: Int128 = 0
        private var isBeyondRange = false

        mutating func add(_ tokens: Int64, at picoUSDPerToken: Int64) throws(MoneyError) {
            guard tokens >= 0, picoUSDPerToken >= 0 else { throw .negative }
            let (sum, overflow) = picoUSD.addingReportingOverflow(Int128(tokens) * Int128(picoUSDPerToken))
            if overflow { isBeyondRange = true } else { picoUSD = sum }
        }

        func rounded(multiplierMillionths: Int64) throws(MoneyError) -> NanoUSD {
            guard multiplierMillionths > 0 else { return .zero }
            // pico to nano, and millionths to one
            let divisor: Int128 = 1_000 * 1_000_000
            let (product, overflow) = picoUSD.multipliedReportingOverflow(by: Int128(multiplierMillionths))
            guard !isBeyondRange, !overflow else { throw .overflow }
            var (units, rest) = product.quotientAndRemainder(dividingBy: divisor)
            if rest * 2 > divisor || (rest * 2 == divisor && units % 2 == 1) { units += 1 }
            guard let fitting = Int64(exactly: units) else { throw .overflow }
            return NanoUSD(units: fitting)
        }
    }
}
