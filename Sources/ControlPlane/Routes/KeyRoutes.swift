internal import FoundationEssentials
internal import Identity
internal import Metering
internal import Telemetry

/// API keys.
struct KeyRoutes: Sendable {
    let ports: ControlPlanePorts

    var routes: [Route] {
        [
            Route(
                .post, "/admin/users/{id}/keys",
                RouteDescription(
                    summary: "Make an API key; its text is shown this once", body: "NewKey", answer: "KeyText",
                    status: 201),
                handler: create),
            Route(
                .get, "/admin/keys",
                RouteDescription(
                    summary: "API keys, oldest first",
                    parameters: [.init(name: "user", text: "Only this user's.")] + PageParameters.limitAndAfter,
                    answer: "Key", isList: true),
                handler: list),
            Route(
                .delete, "/admin/keys/{id}", RouteDescription(summary: "Revoke an API key for good", answer: "Revoked"),
                handler: revoke),
            Route(
                .post, "/admin/keys/{id}/rotate",
                RouteDescription(
                    summary: "Give an API key a new text, shown this once; the old one stops working", answer: "KeyText"
                ),
                handler: rotate),
        ]
    }

    private func create(_ call: Call) async throws(APIError) -> Answer {
        let user = try call.id(of: "user")
        let text = KeyText.customer()
        let key = try newKey(call, user: user, text: text)
        do {
            try await ports.keys.createKey(key)
        } catch {
            throw APIError(error, lookingFor: "user \(user.text)")
        }
        await ports.operations.callersChanged()
        return .json(Self.shown(text, id: key.id), status: 201)
    }

    private func newKey(_ call: Call, user: UUID, text: KeyText) throws(APIError) -> APIKey {
        let now = ports.nowSeconds
        var fields = try call.fields()
        var key = APIKey(
            id: UUID(), userID: user, name: try fields.requiredText("name"), digest: text.digest, prefix: text.prefix,
            createdAt: now)
        key.allowedModels = try fields.texts("models", hint: "Leave it out to allow every model.")
        key.scopes = try fields.texts("scopes", hint: "Leave it out for none.") ?? []
        key.allowedIPs = try fields.texts("allow_ips", hint: "Leave it out to allow every address.")
        if let wrong = key.allowedIPs?.first(where: { CIDR($0) == nil }) {
            throw .invalid(
                "'allow_ips' holds '\(wrong)', which is neither an address nor a range such as 10.0.0.0/8.",
                param: "allow_ips")
        }
        key.requestsPerMinute = try fields.count("requests_per_minute")
        key.tokensPerMinute = try fields.count("tokens_per_minute")
        key.budgetNanoUSD = try fields.money("budget_usd")?.units
        key.expiresAt = try fields.moment("expires_at")
        try fields.finish()
        if let expiry = key.expiresAt, expiry <= now {
            throw .invalid("'expires_at' has passed; it is \(UTCTime.text(seconds: now)) now.", param: "expires_at")
        }
        return key
    }

    private func list(_ call: Call) async throws(APIError) -> Answer {
        var query = try call.query()
        let user = try query.id("user")
        let limit = try query.limit()
        let after = try query.id("after")
        try query.finish()
        do {
            let keys = try await ports.keys.keys(user: user, limit: limit + 1, after: after)
            return .list(keys.prefix(limit).map(\.json), next: keys.count > limit ? keys[limit - 1].id.text : nil)
        } catch {
            throw APIError(error, lookingFor: "key")
        }
    }

    private func revoke(_ call: Call) async throws(APIError) -> Answer {
        let id = try call.id(of: "key")
        do {
            try await ports.keys.revokeKey(id: id)
        } catch {
            throw APIError(error, lookingFor: "key \(id.text)")
        }
        await ports.operations.callersChanged()
        return .json(["id": .string(id.text), "revoked": true])
    }

    private func rotate(_ call: Call) async throws(APIError) -> Answer {
        let id = try call.id(of: "key")
        try call.fields(isOptional: true).finish()
        let text = KeyText.customer()
        let isRevoked: Bool
        do throws(DirectoryError) {
            guard let key = try await ports.keys.key(id: id) else { throw DirectoryError.notFound }
            isRevoked = key.isRevoked
            if !isRevoked { try await ports.keys.replaceKey(id: id, digest: text.digest, prefix: text.prefix) }
        } catch {
            throw APIError(error, lookingFor: "key \(id.text)")
        }
        guard !isRevoked else { throw .conflict("The key \(id.text) is revoked. Make a new one.", param: nil) }
        await ports.operations.callersChanged()
        return .json(Self.shown(text, id: id))
    }

    private static func shown(_ text: KeyText, id: UUID) -> JSONValue {
        ["id": .string(id.text), "key": .string(text.revealed), "key_prefix": .string(text.prefix)]
    }
}

extension APIKey {
    /// As the admin API shows a key: never its text.
    var json: JSONValue {
        [
            "id": .string(id.text), "user_id": .string(userID.text), "name": .string(name),
            "key_prefix": .string(prefix),
            "revoked": .bool(isRevoked), "models": .texts(allowedModels), "scopes": .texts(scopes),
            "allow_ips": .texts(allowedIPs), "requests_per_minute": requestsPerMinute.map { .integer($0) } ?? .null,
            "tokens_per_minute": tokensPerMinute.map { .integer($0) } ?? .null,
            "budget_usd": .text(budgetNanoUSD.map { NanoUSD(units: $0).decimalText }),
            "expires_at": .text(expiresAt.map { UTCTime.text(seconds: $0) }),
            "created_at": .string(UTCTime.text(seconds: createdAt)),
        ]
    }
}
