/// What a model's tokens cost, in pico-USD (10⁻¹² USD) a token: USD per million tokens times 10⁶.
///
/// Every member is ≥ 0. Written by people as USD per million tokens with up to six decimals, so nothing is rounded.
package struct Price: Sendable, Hashable {
    package var promptPicoUSD: Int64
    package var completionPicoUSD: Int64
    package var cacheReadPicoUSD: Int64
    /// Five-minute writes.
    package var cacheWritePicoUSD: Int64
    /// One-hour writes; nil: as five-minute ones.
    package var cacheWrite1hPicoUSD: Int64?

    package init(
        promptPicoUSD: Int64, completionPicoUSD: Int64, cacheReadPicoUSD: Int64, cacheWritePicoUSD: Int64,
        cacheWrite1hPicoUSD: Int64? = nil
    ) {
        self.promptPicoUSD = promptPicoUSD
        self.completionPicoUSD = completionPicoUSD
        self.cacheReadPicoUSD = cacheReadPicoUSD
        self.cacheWritePicoUSD = cacheWritePicoUSD
        self.cacheWrite1hPicoUSD = cacheWrite1hPicoUSD
    }
}

/// One row of the price table: whose price it is, and since when.
package struct PriceEntry: Sendable, Equatable {
    /// What the vendor is asked for.
    package var model: String
    /// nil: for every provider that serves the model.
    package var provider: String?
    package var price: Price
    /// Seconds since 1970.
    package var effectiveFrom: Int64

    package init(model: String, provider: String?, price: Price, effectiveFrom: Int64) {
        self.model = model
        self.provider = provider
        self.price = price
        self.effectiveFrom = effectiveFrom
    }
}
