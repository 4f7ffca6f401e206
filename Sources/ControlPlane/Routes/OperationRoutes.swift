/// Providers and the configuration.
struct OperationRoutes: Sendable {
    let ports: ControlPlanePorts

    var routes: [Route] {
        [
            Route(
                .get, "/admin/providers",
                RouteDescription(summary: "How every provider fares", answer: "Provider", isList: true),
                handler: providers),
            Route(
                .post, "/admin/providers/{name}/drain",
                RouteDescription(
                    summary:
                        "Keep new requests away from a provider, or with {\"draining\": false} let them come again",
                    body: "Drain", answer: "Provider"),
                handler: drain),
            Route(
                .get, "/admin/config",
                RouteDescription(summary: "The configuration in force, secrets masked", answer: "Configuration"),
                handler: configuration),
            Route(
                .post, "/admin/config/reload",
                RouteDescription(
                    summary: "Read the configuration file again; a bad one is refused (422) and the running one stays",
                    answer: "Reloaded"),
                handler: reload),
        ]
    }

    private func providers(_ call: Call) async throws(APIError) -> Answer {
        try call.query().finish()
        return .list(ports.operations.providers().map(\.json))
    }

    private func drain(_ call: Call) async throws(APIError) -> Answer {
        let name = call.placeholder("name")
        var fields = try call.fields(isOptional: true)
        let draining = try fields.bool("draining") ?? true
        try fields.finish()
        guard ports.operations.setDraining(provider: name, draining),
            let status = ports.operations.providers().first(where: { $0.name == name })
        else { throw .notFound("There is no provider '\(name.prefix(64))'.") }
        return .json(status.json)
    }

    private func configuration(_ call: Call) async throws(APIError) -> Answer {
        try call.query().finish()
        return Answer(
            contentType: "application/json; charset=utf-8",
            text: ports.maskedConfiguration(ports.operations.configuration()))
    }

    private func reload(_ call: Call) async throws(APIError) -> Answer {
        try call.fields(isOptional: true).finish()
        switch await ports.operations.reload() {
        case .reloaded(let warnings):
            return .json(["reloaded": true, "warnings": .texts(warnings)])
        case .refused(let reasons):
            throw APIError(
                status: 422, type: "invalid_request_error", code: "invalid_configuration",
                message: "The configuration is not valid; the running one stays.", reasons: reasons)
        }
    }
}

extension ProviderStatus {
    /// As the admin API shows a provider.
    var json: JSONValue {
        [
            "name": .string(name), "kind": .string(kind), "breaker": .string(breaker), "in_flight": .integer(inFlight),
            "draining": .bool(isDraining),
        ]
    }
}
