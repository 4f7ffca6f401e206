internal import Identity
internal import Metering

extension APIError {
    /// A directory's refusal in the client's words.
    ///
    /// - Parameter what: what was looked for, such as `user 5c…`.
    init(_ error: DirectoryError, lookingFor what: String) {
        switch error {
        case .unavailable(let detail): self = .storeDown(detail)
        case .conflict(let field): self = .taken(field)
        case .notFound: self = .notFound("There is no \(what).")
        }
    }

    /// A store's refusal in the client's words.
    init(_ error: StoreError, lookingFor what: String) {
        switch error {
        case .unavailable(let detail): self = .storeDown(detail)
        case .conflict(let field): self = .taken(field)
        case .notFound: self = .notFound("There is no \(what).")
        }
    }

    private static func taken(_ field: String) -> APIError {
        guard field != "Idempotency-Key" else {
            return APIError(
                status: 422, type: "invalid_request_error", code: "idempotency_key_reused",
                message: "This Idempotency-Key was used for another user or amount. Use a new key for a new credit.",
                param: field)
        }
        return .conflict("This '\(field)' is taken. Choose another.", param: field)
    }
}
