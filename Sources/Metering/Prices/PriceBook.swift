/// The prices in force, as one immutable value: a price change builds a new book.
package struct PriceBook: Sendable {
    private struct Row {
        var price: Price
        var effectiveFrom: Int64
    }

    private let byModel: [String: Row]
    /// By provider, then by model.
    private let overrides: [String: [String: Row]]

    /// - Parameter entries: in any order. Of several for one model and provider the latest in force counts; of equally
    ///   late ones the last, so stored prices put behind `seeds` win.
    /// - Parameter atSeconds: seconds since 1970; entries effective later are left out. The default leaves none out.
    package init(entries: [PriceEntry], atSeconds: Int64 = .max) {
        var byModel: [String: Row] = [:]
        var overrides: [String: [String: Row]] = [:]
        for entry in entries where entry.effectiveFrom <= atSeconds {
            let row = Row(price: entry.price, effectiveFrom: entry.effectiveFrom)
            if let provider = entry.provider {
                Self.put(row, for: entry.model, into: &overrides[provider, default: [:]])
            } else {
                Self.put(row, for: entry.model, into: &byModel)
            }
        }
        self.byModel = byModel
        self.overrides = overrides
    }

    /// The provider's own price of the model, or else the model's price everywhere; nil: unpriced.
    ///
    /// Names are compared as they are: `gpt-4o-mini-2024-07-18` is not taken for `gpt-4o-mini`.
    package func price(model: String, provider: String) -> Price? {
        if let own = overrides[provider]?[model] { return own.price }
        return byModel[model]?.price
    }

    private static func put(_ row: Row, for model: String, into rows: inout [String: Row]) {
        if let known = rows[model], known.effectiveFrom > row.effectiveFrom { return }
        rows[model] = row
    }
}
