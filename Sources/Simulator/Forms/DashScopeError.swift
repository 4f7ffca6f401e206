/// An error body of DashScope's own API.
struct DashScopeError {
    let code: String
    let message: String
    let requestID: String

    var body: JSONTree {
        ["code": .string(code), "message": .string(message), "request_id": .string(requestID)]
    }

    /// What DashScope says with that status (alibabacloud.com, Model Studio error codes, 2026-11).
    init(status: Int, message: String = "The simulator was asked for this error.", requestID: String) {
        self.message = message
        self.requestID = requestID
        code =
            switch status {
            case 401: "InvalidApiKey"
            case 403: "AccessDenied"
            case 404: "ModelNotFound"
            case 429: "Throttling.RateQuota"
            case 503: "ServiceUnavailable"
            case 500...: "InternalError"
            default: "InvalidParameter"
            }
    }

    init(_ problem: RequestProblem, requestID: String) {
        self.init(status: problem.status, message: problem.message, requestID: requestID)
    }
}
