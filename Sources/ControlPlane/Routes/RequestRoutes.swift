internal import FoundationEssentials
internal import Metering
internal import Telemetry

/// What was asked, and what it cost.
struct RequestRoutes: Sendable {
    let ports: ControlPlanePorts

    var routes: [Route] {
        [
            Route(
                .get, "/admin/requests",
                RouteDescription(
                    summary: "Finished requests, newest first", parameters: Self.filters, answer: "Request",
                    isList: true),
                handler: list),
            Route(
                .get, "/admin/requests/{id}",
                RouteDescription(
                    summary:
                        "One request with its attempts and what vendors charge; the id is the answer's x-request-id",
                    answer: "RequestDetail"),
                handler: show),
            Route(
                .get, "/admin/usage",
                RouteDescription(
                    summary: "Sums over finished requests",
                    parameters: [
                        .init(
                            name: "group_by",
                            text: "Comma-separated: \(Self.dimensionNames). Without it: one sum of all.")
                    ] + PageParameters.fromAndTo,
                    answer: "UsageSum", isList: true),
                handler: usage),
        ]
    }

    private static let dimensionNames = UsageDimension.allCases.map(\.rawValue).joined(separator: ", ")
    private static let filters: [RouteDescription.Parameter] =
        [
            .init(name: "user", text: "A user's id."), .init(name: "key", text: "An API key's id."),
            .init(name: "model", text: "What the client put in 'model'."),
            .init(name: "provider", text: "A provider's name."),
            .init(
                name: "status", text: "How it ended.",
                schema: ["type": "string", "enum": .texts(ExchangeStatus.allCases.map(\.rawValue))]),
        ] + PageParameters.fromAndTo + PageParameters.limitAndAfter

    private func list(_ call: Call) async throws(APIError) -> Answer {
        let query = try Self.requestQuery(call)
        await ports.operations.flushUsage()
        do {
            let page = try await ports.requests.requests(query)
            return .list(page.records.map(\.json), next: page.next)
        } catch {
            throw APIError(error, lookingFor: "request")
        }
    }

    private static func requestQuery(_ call: Call) throws(APIError) -> RequestQuery {
        var parameters = try call.query()
        var query = RequestQuery()
        query.user = try parameters.id("user")
        query.key = try parameters.id("key")
        query.model = try parameters.text("model")
        query.provider = try parameters.text("provider")
        if let text = try parameters.text("status") {
            guard let status = ExchangeStatus(rawValue: text) else {
                throw .invalid("'status' must be one of: success, error, cancelled.", param: "status")
            }
            query.status = status
        }
        query.from = try parameters.moment("from")
        query.to = try parameters.moment("to")
        query.limit = try parameters.limit()
        query.after = try parameters.text("after")
        try parameters.finish()
        return query
    }

    private func show(_ call: Call) async throws(APIError) -> Answer {
        let id = try call.id(of: "request")
        try call.query().finish()
        await ports.operations.flushUsage()
        let record: UsageRecord?
        do {
            record = try await ports.requests.request(id: id)
        } catch {
            throw APIError(error, lookingFor: "request \(id.text)")
        }
        guard let record else { throw .notFound("There is no request \(id.text).") }
        return .json(record.detailedJSON)
    }

    private func usage(_ call: Call) async throws(APIError) -> Answer {
        var query = try call.query()
        let dimensions = try Self.dimensions(query.text("group_by"))
        let from = try query.moment("from")
        let to = try query.moment("to")
        try query.finish()
        await ports.operations.flushUsage()
        do {
            let sums = try await ports.requests.usage(groupBy: dimensions, from: from, to: to)
            return .list(sums.map { $0.json(dimensions) })
        } catch {
            throw APIError(error, lookingFor: "usage")
        }
    }

    private static func dimensions(_ text: String?) throws(APIError) -> [UsageDimension] {
        guard let text else { return [] }
        var dimensions: [UsageDimension] = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let dimension = UsageDimension(rawValue: String(name)), !dimensions.contains(dimension) else {
                throw .invalid(
                    "'group_by' must name each once, parted by commas: \(dimensionNames).", param: "group_by")
            }
            dimensions.append(dimension)
        }
        return dimensions
    }
}
