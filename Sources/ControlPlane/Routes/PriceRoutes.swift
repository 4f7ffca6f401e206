internal import Metering
internal import Settings
internal import Telemetry

/// What vendors' models cost.
struct PriceRoutes: Sendable {
    let ports: ControlPlanePorts

    var routes: [Route] {
        [
            Route(
                .get, "/admin/prices", RouteDescription(summary: "Every price in force", answer: "Price", isList: true),
                handler: list),
            Route(
                .get, "/admin/prices/{model...}",
                RouteDescription(
                    summary: "A model's price; 'provider/model' is one provider's own price of it", answer: "Price"),
                handler: show),
            Route(
                .put, "/admin/prices/{model...}",
                RouteDescription(
                    summary: "Set a model's price, in force at once; 'provider/model' sets one provider's own",
                    body: "NewPrice",
                    answer: "Price"),
                handler: put),
        ]
    }

    private func list(_ call: Call) async throws(APIError) -> Answer {
        try call.query().finish()
        let entries = try await prices().sorted { ($0.model, $0.provider ?? "") < ($1.model, $1.provider ?? "") }
        return .list(entries.map(\.json))
    }

    private func show(_ call: Call) async throws(APIError) -> Answer {
        let (provider, model) = subject(call.placeholder("model"))
        try call.query().finish()
        guard let entry = try await prices().first(where: { $0.model == model && $0.provider == provider }) else {
            let what = provider.map { "own price of the provider '\($0)' for" } ?? "price of"
            throw .notFound("There is no \(what) the model '\(model)'. PUT here sets one.")
        }
        return .json(entry.json)
    }

    private func put(_ call: Call) async throws(APIError) -> Answer {
        let (provider, model) = subject(call.placeholder("model"))
        guard model.utf8.count <= 200, !model.isEmpty, !model.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw .invalid("The model's name must have 1 to 200 bytes and no control characters.", param: "model")
        }
        var fields = try call.fields()
        guard let prompt = try fields.price("prompt") else { throw Fields.missing("prompt") }
        guard let completion = try fields.price("completion") else { throw Fields.missing("completion") }
        let price = Price(
            promptPicoUSD: prompt, completionPicoUSD: completion,
            cacheReadPicoUSD: try fields.price("cache_read") ?? prompt,
            cacheWritePicoUSD: try fields.price("cache_write") ?? prompt,
            cacheWrite1hPicoUSD: try fields.price("cache_write_1h"))
        try fields.finish()
        let entry = PriceEntry(model: model, provider: provider, price: price, effectiveFrom: ports.nowSeconds)
        do {
            try await ports.prices.putPrice(entry)
        } catch {
            throw APIError(error, lookingFor: "model \(model)")
        }
        await ports.operations.pricesChanged()
        return .json(entry.json)
    }

    /// Whose price a path means: what stands before the first slash is a provider when one is configured by that name,
    /// and else belongs to the model's own name.
    private func subject(_ name: String) -> (provider: String?, model: String) {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, ports.operations.configuration().providers.contains(where: { $0.name == parts[0] })
        else {
            return (nil, name)
        }
        return (parts[0], parts[1])
    }

    private func prices() async throws(APIError) -> [PriceEntry] {
        do {
            return try await ports.prices.prices()
        } catch {
            throw APIError(error, lookingFor: "price")
        }
    }
}

extension PriceEntry {
    /// As the admin API shows a price: USD per million tokens.
    var json: JSONValue {
        [
            "model": .string(model), "provider": .text(provider),
            "prompt": .string(Price.perMillionText(price.promptPicoUSD)),
            "completion": .string(Price.perMillionText(price.completionPicoUSD)),
            "cache_read": .string(Price.perMillionText(price.cacheReadPicoUSD)),
            "cache_write": .string(Price.perMillionText(price.cacheWritePicoUSD)),
            "cache_write_1h": .string(Price.perMillionText(price.cacheWrite1hPicoUSD ?? price.cacheWritePicoUSD)),
            "effective_from": .string(UTCTime.text(seconds: effectiveFrom)),
        ]
    }
}
