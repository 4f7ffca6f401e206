package import Metering

/// What a trace's tokens cost.
package enum ReplayPrices: Sendable, Equatable {
    /// Every request at this price.
    case uniform(Price)
    /// Each request at the price of its model, by the vendor's name; those of models that are not here cost nothing.
    case byModel([String: Price])

    /// What a trace is priced as that does not say what its requests cost.
    package static let usualModel = "gpt-5.4"

    func price(of model: String) -> Price? {
        switch self {
        case .uniform(let price): price
        case .byModel(let prices): prices[model]
        }
    }
}

/// What a trace's own models cost by a price list, and which of them the list does not know.
package struct ReplayPricing: Sendable, Equatable {
    package let prices: ReplayPrices
    /// The models whose prices are taken, by name; never empty.
    package let models: [String]
    /// Requests of models without a price, by model; of a model without a name by an empty one.
    package let unpriced: [String: Int]

    /// The price of each request's model. Where the list knows none of them, or the trace names none, all are priced as
    /// `ReplayPrices.usualModel`. nil: the list does not know that one either.
    package init?(_ trace: ReplayTrace, from book: PriceBook) {
        var known: [String: Price] = [:]
        var unpriced: [String: Int] = [:]
        for request in trace.requests where known[request.pricedModel] == nil {
            // The list price: no provider's own.
            if unpriced[request.pricedModel] == nil, let price = book.price(model: request.pricedModel, provider: "") {
                known[request.pricedModel] = price
            } else {
                unpriced[request.pricedModel, default: 0] += 1
            }
        }
        self.unpriced = unpriced
        if known.isEmpty {
            guard let price = book.price(model: ReplayPrices.usualModel, provider: "") else { return nil }
            prices = .uniform(price)
            models = [ReplayPrices.usualModel]
        } else {
            prices = .byModel(known)
            models = known.keys.sorted()
        }
    }

    /// What the money was reckoned with, and what it leaves out, in sentences for people.
    package var note: String {
        let names = unpriced.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            .map { "\($0.key.isEmpty ? "without a name" : $0.key) (\($0.value))" }.joined(separator: ", ")
        let others = "--model and --price-prompt set others"
        switch prices {
        case .uniform where unpriced.keys.allSatisfy(\.isEmpty):
            return "The trace names no model: priced as \(models[0]) is; \(others)."
        case .uniform:
            return "No model of the trace has a built-in price, \(names) requests: priced as \(models[0]) is; \(others)."
        case .byModel:
            let priced = "Priced as \(models.joined(separator: ", ")), request by request"
            return unpriced.isEmpty
                ? "\(priced); \(others)."
                : "\(priced). Not in the money, having no built-in price: requests of \(names); \(others)."
        }
    }
}
