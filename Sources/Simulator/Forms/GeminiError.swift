/// An error body of the Gemini form.
struct GeminiError {
    let status: Int
    let message: String
    /// `INVALID_ARGUMENT` and the like.
    let name: String
    var details: [JSONTree] = []

    private static let types = "type.googleapis.com/google.rpc"

    var body: JSONTree {
        var members: [JSONTree.Member] = [
            .init("code", .int(status)), .init("message", .string(message)), .init("status", .string(name)),
        ]
        if !details.isEmpty { members.append(.init("details", .array(details))) }
        return ["error": .object(members)]
    }

    /// What Gemini says with that status (its troubleshooting guide, 2026-11).
    init(status: Int, message: String = "The simulator was asked for this error.") {
        self.status = status
        self.message = message
        switch status {
        case 401: name = "UNAUTHENTICATED"
        case 403: name = "PERMISSION_DENIED"
        case 404: name = "NOT_FOUND"
        case 409: name = "ABORTED"
        case 429: name = "RESOURCE_EXHAUSTED"
        case 499: name = "CANCELLED"
        case 500: name = "INTERNAL"
        case 503: name = "UNAVAILABLE"
        case 504: name = "DEADLINE_EXCEEDED"
        case 505...: name = "UNKNOWN"
        default: name = "INVALID_ARGUMENT"
        }
        if status == 429 { details = [["@type": "\(Self.types).RetryInfo", "retryDelay": "1s"]] }
    }

    /// A missing key is 403 here, a bad one 400.
    init(_ problem: RequestProblem) {
        guard problem.status == 401 else {
            self.init(status: problem.status, message: problem.message)
            return
        }
        guard problem.code == "invalid_api_key" else {
            self.init(
                status: 403,
                message:
                    "Method doesn't allow unregistered callers. Please use API Key or other form of API consumer identity."
            )
            return
        }
        self.init(status: 400, message: "API key not valid. Please pass a valid API key.")
        details = [
            [
                "@type": "\(Self.types).ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com",
                "metadata": ["service": "generativelanguage.googleapis.com"],
            ]
        ]
    }
}
