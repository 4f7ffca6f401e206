internal import FoundationEssentials
internal import Pipeline

extension ClientError {
    /// What a client is told of the gateway's error.
    init(_ error: GatewayError, requestID: UUID) {
        self.init(
            status: error.status, type: error.type.rawValue, code: error.code, message: error.message,
            param: error.param, requestID: requestID.uuidString.lowercased(),
            retryAfterSeconds: error.retryAfterSeconds)
    }
}
