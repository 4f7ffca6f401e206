internal import FoundationEssentials
internal import Metering

/// Customers' prepaid money.
struct AccountRoutes: Sendable {
    let ports: ControlPlanePorts

    var routes: [Route] {
        [
            Route(
                .post, "/admin/users/{id}/credits",
                RouteDescription(
                    summary: "Add credit, once per Idempotency-Key; a user without a balance limit becomes prepaid",
                    body: "Credit", answer: "Balance", needsIdempotencyKey: true),
                handler: credit),
            Route(
                .get, "/admin/users/{id}/balance",
                RouteDescription(
                    summary: "What a user has, and what running requests may still take", answer: "Balance"),
                handler: balance),
        ]
    }

    private func credit(_ call: Call) async throws(APIError) -> Answer {
        let id = try call.id(of: "user")
        guard let key = call.idempotencyKey, !key.isEmpty else {
            throw .invalid(
                "The header 'Idempotency-Key' is missing: it keeps a retry from crediting twice.",
                param: "Idempotency-Key")
        }
        guard key.utf8.count <= 255 else {
            throw .invalid("The header 'Idempotency-Key' is longer than 255 bytes.", param: "Idempotency-Key")
        }
        var fields = try call.fields()
        guard let amount = try fields.money("amount_usd") else { throw Fields.missing("amount_usd") }
        let note = try fields.text("note", maximum: 500)
        try fields.finish()
        guard amount > .zero else { throw .invalid("'amount_usd' must be more than 0.", param: "amount_usd") }
        await ports.operations.flushUsage()
        let balance: NanoUSD
        do {
            balance = try await ports.accounts.credit(user: id, amount: amount, note: note ?? "", idempotencyKey: key)
        } catch {
            throw APIError(error, lookingFor: "user \(id.text)")
        }
        await ports.operations.balanceChanged(user: id)
        return .json(json(balance, user: id))
    }

    private func balance(_ call: Call) async throws(APIError) -> Answer {
        let id = try call.id(of: "user")
        try call.query().finish()
        await ports.operations.flushUsage()
        do {
            return .json(json(try await ports.accounts.balance(user: id), user: id))
        } catch {
            throw APIError(error, lookingFor: "user \(id.text)")
        }
    }

    /// - Parameter balance: nil: the user is not limited by balance, which is shown as null.
    private func json(_ balance: NanoUSD?, user: UUID) -> JSONValue {
        [
            "balance_usd": .text(balance?.decimalText),
            "reserved_usd": .string(ports.operations.reserved(user: user).decimalText),
        ]
    }
}
