internal import FoundationEssentials
internal import Identity
internal import Metering
internal import Settings
internal import Telemetry

/// Customers.
struct UserRoutes: Sendable {
    let ports: ControlPlanePorts

    var routes: [Route] {
        [
            Route(
                .post, "/admin/users",
                RouteDescription(summary: "Make a user", body: "NewUser", answer: "User", status: 201), handler: create),
            Route(
                .get, "/admin/users",
                RouteDescription(
                    summary: "Users, oldest first", parameters: PageParameters.limitAndAfter, answer: "User",
                    isList: true),
                handler: list),
            Route(.get, "/admin/users/{id}", RouteDescription(summary: "One user", answer: "User"), handler: show),
            Route(
                .patch, "/admin/users/{id}",
                RouteDescription(summary: "Change a user", body: "UserChange", answer: "User"), handler: update),
            Route(
                .delete, "/admin/users/{id}",
                RouteDescription(
                    summary: "Delete a user and take the keys away; what was used stays on record", answer: "Deleted"),
                handler: delete),
        ]
    }

    private func create(_ call: Call) async throws(APIError) -> Answer {
        var fields = try call.fields()
        let email = try Self.email(fields.requiredText("email", maximum: 254))
        let name = try fields.requiredText("name")
        let plan = try plan(fields.requiredText("plan"))
        let credit = try fields.money("credit_usd")
        try fields.finish()
        let now = ports.nowSeconds
        let user = User(id: UUID(), email: email, name: name, plan: plan, createdAt: now, updatedAt: now)
        do {
            try await ports.users.createUser(user, creditNanoUSD: credit?.units)
        } catch {
            throw APIError(error, lookingFor: "user")
        }
        await ports.operations.callersChanged()
        await ports.operations.balanceChanged(user: user.id)
        return .json(user.json, status: 201)
    }

    private func list(_ call: Call) async throws(APIError) -> Answer {
        var query = try call.query()
        let limit = try query.limit()
        let after = try query.id("after")
        try query.finish()
        do {
            // One more than asked tells whether another page follows.
            let users = try await ports.users.users(limit: limit + 1, after: after)
            return .list(users.prefix(limit).map(\.json), next: users.count > limit ? users[limit - 1].id.text : nil)
        } catch {
            throw APIError(error, lookingFor: "user")
        }
    }

    private func show(_ call: Call) async throws(APIError) -> Answer {
        try call.query().finish()
        return .json(try await user(call.id(of: "user")).json)
    }

    private func update(_ call: Call) async throws(APIError) -> Answer {
        let id = try call.id(of: "user")
        var fields = try call.fields()
        var change = UserChange()
        change.email = try fields.text("email", maximum: 254).map { (email) throws(APIError) in try Self.email(email) }
        change.name = try fields.text("name")
        change.plan = try fields.text("plan").map { (name) throws(APIError) in try plan(name) }
        try fields.finish()
        try fields.requireAny()
        let changed: User
        do {
            changed = try await ports.users.updateUser(id: id, change, now: ports.nowSeconds)
        } catch {
            throw APIError(error, lookingFor: "user \(id.text)")
        }
        await ports.operations.callersChanged()
        return .json(changed.json)
    }

    private func delete(_ call: Call) async throws(APIError) -> Answer {
        let id = try call.id(of: "user")
        do {
            try await ports.users.deleteUser(id: id)
        } catch {
            throw APIError(error, lookingFor: "user \(id.text)")
        }
        await ports.operations.callersChanged()
        await ports.operations.balanceChanged(user: id)
        return .json(["id": .string(id.text), "deleted": true])
    }

    private func user(_ id: UUID) async throws(APIError) -> User {
        let found: User?
        do {
            found = try await ports.users.user(id: id)
        } catch {
            throw APIError(error, lookingFor: "user \(id.text)")
        }
        guard let found else { throw .notFound("There is no user \(id.text).") }
        return found
    }

    private func plan(_ name: String) throws(APIError) -> String {
        let plans = ports.operations.configuration().limits.plans
        if plans[name] != nil { return name }
        throw .invalid(
            "There is no plan '\(name)'; the configuration has: \(plans.keys.sorted().joined(separator: ", ")).",
            param: "plan")
    }

    /// One `@` with something before it and a host behind it; whether mail arrives there is not asked.
    private static func email(_ text: String) throws(APIError) -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isAddress =
            parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty && !text.contains(where: \.isWhitespace)
            && !parts[1].hasPrefix(".") && !parts[1].hasSuffix(".") && !parts[1].contains("..")
        guard isAddress else { throw .invalid("'email' must be an address such as ada@example.com.", param: "email") }
        return text
    }
}

extension User {
    /// As the admin API shows a user.
    var json: JSONValue {
        [
            "id": .string(id.text), "email": .string(email), "name": .string(name), "plan": .string(plan),
            "created_at": .string(UTCTime.text(seconds: createdAt)),
            "updated_at": .string(UTCTime.text(seconds: updatedAt)),
        ]
    }
}

/// Parameters that several lists share.
enum PageParameters {
    static let limit = RouteDescription.Parameter(
        name: "limit", text: "Items on a page.",
        schema: ["type": "integer", "minimum": 1, "maximum": 1000, "default": 100])
    static let after = RouteDescription.Parameter(name: "after", text: "The 'next' of the page before.")
    static let limitAndAfter = [limit, after]
    static let fromAndTo = [
        RouteDescription.Parameter(name: "from", text: "Not before this RFC 3339 moment or day (UTC)."),
        RouteDescription.Parameter(name: "to", text: "Before this RFC 3339 moment or day (UTC)."),
    ]
}
