internal import FoundationEssentials
internal import Metering
internal import Telemetry

/// What the vendors' prompt caches did not serve, and why.
struct CacheRoutes: Sendable {
    let ports: ControlPlanePorts

    var routes: [Route] {
        [
            Route(
                .get, "/admin/cache/misses",
                RouteDescription(
                    summary:
                        "Requests that a vendor's prompt cache should have served and did not, newest first; 'causes' sums them up",
                    parameters: Self.filters, answer: "CacheMiss", isList: true),
                handler: list)
        ]
    }

    private static let causeNames = CacheMiss.Cause.allCases.map(\.name)
    private static let filters: [RouteDescription.Parameter] =
        [
            .init(name: "user", text: "A user's id."), .init(name: "key", text: "An API key's id."),
            .init(name: "model", text: "What the client put in 'model'."),
            .init(name: "provider", text: "A provider's name."),
            .init(name: "cause", text: "Why.", schema: ["type": "string", "enum": .texts(causeNames)]),
        ] + PageParameters.fromAndTo + PageParameters.limitAndAfter

    private func list(_ call: Call) async throws(APIError) -> Answer {
        let query = try Self.query(call)
        await ports.operations.flushUsage()
        let page: CacheMissPage
        do {
            page = try await ports.requests.cacheMisses(query)
        } catch {
            throw APIError(error, lookingFor: "cache miss")
        }
        return .json(
            [
                "data": .array(page.entries.compactMap(\.missJSON)), "causes": .array(page.sums.map(\.json)),
                "next": .text(page.next),
            ])
    }

    private static func query(_ call: Call) throws(APIError) -> CacheMissQuery {
        var parameters = try call.query()
        var query = CacheMissQuery()
        query.requests.user = try parameters.id("user")
        query.requests.key = try parameters.id("key")
        query.requests.model = try parameters.text("model")
        query.requests.provider = try parameters.text("provider")
        if let name = try parameters.text("cause") {
            guard let cause = CacheMiss.Cause(name: name) else {
                throw .invalid("'cause' must be one of: \(causeNames.joined(separator: ", ")).", param: "cause")
            }
            query.cause = cause
        }
        query.requests.from = try parameters.moment("from")
        query.requests.to = try parameters.moment("to")
        query.requests.limit = try parameters.limit()
        query.requests.after = try parameters.text("after")
        try parameters.finish()
        return query
    }
}

extension UsageRecord {
    /// nil: nothing was missed.
    fileprivate var missJSON: JSONValue? {
        guard let miss = cacheMiss else { return nil }
        return [
            "request_id": .string(id.text), "created_at": .string(UTCTime.text(microseconds: createdAtMicroseconds)),
            "user_id": .string(userID.text), "api_key_id": .string(apiKeyID.text), "model": .string(model),
            "provider": .string(provider), "cause": .string(miss.cause.name),
            "block": miss.block.map { .integer(Int64($0)) } ?? .null, "block_kind": .text(miss.blockKind),
            "prompt_tokens": .integer(usage.promptTokens), "cache_read_tokens": .integer(usage.cacheRead),
            "missed_tokens": .integer(miss.missedTokens), "lost_usd": .string(miss.lost.decimalText),
        ]
    }
}

extension CacheMissSum {
    fileprivate var json: JSONValue {
        [
            "cause": .string(cause.name), "count": .integer(count), "missed_tokens": .integer(missedTokens),
            "lost_usd": .string(lost.decimalText),
        ]
    }
}
