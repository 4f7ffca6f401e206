import Routing
import Testing

@Suite struct FailureClassTests {
    /// (status, class, another attempt may help, against health)
    @Test(
        arguments: [
            (400, .clientError(status: 400), false, false), (401, .authentication(status: 401), true, false),
            (402, .authentication(status: 402), true, false), (403, .authentication(status: 403), true, false),
            (404, .clientError(status: 404), false, false), (408, .clientError(status: 408), true, false),
            (409, .clientError(status: 409), true, false), (413, .clientError(status: 413), false, false),
            (422, .clientError(status: 422), false, false), (429, .rateLimited(retryAfterSeconds: nil), true, false),
            (500, .serverError(status: 500), true, true), (502, .serverError(status: 502), true, true),
            (503, .overloaded(status: 503), true, true), (504, .serverError(status: 504), true, true),
            (529, .overloaded(status: 529), true, true), (599, .serverError(status: 599), true, true),
            (301, .invalidResponse, true, true), (100, .invalidResponse, true, true), (0, .invalidResponse, true, true),
            (-1, .invalidResponse, true, true), (600, .invalidResponse, true, true),
            (Int.max, .invalidResponse, true, true),
        ] as [(Int, FailureClass, Bool, Bool)])
    func statusesAreSorted(status: Int, failure: FailureClass, isRetryable: Bool, countsAgainstHealth: Bool) {
        #expect(FailureClass.of(status: status) == failure)
        #expect(failure.isRetryable == isRetryable)
        #expect(failure.countsAgainstHealth == countsAgainstHealth)
    }

    @Test(arguments: [200, 201, 204, 299]) func successIsNoFailure(status: Int) {
        #expect(FailureClass.of(status: status) == nil)
    }

    @Test func theVendorsWaitIsKept() {
        #expect(FailureClass.of(status: 429, retryAfterSeconds: 17) == .rateLimited(retryAfterSeconds: 17))
    }

    @Test(
        arguments: [
            (.connectFailed, "connect_failed"), (.connectTimeout, "connect_timeout"), (.tlsFailed, "tls_failed"),
            (.firstByteTimeout, "first_byte_timeout"), (.reset, "reset"), (.invalidResponse, "invalid_response"),
            (.streamError, "stream_error"),
        ] as [(FailureClass, String)])
    func failuresWithoutAStatusMayBeTriedElsewhereAndCount(failure: FailureClass, label: String) {
        #expect(failure.isRetryable && failure.countsAgainstHealth && failure.status == nil)
        #expect(failure.label == label)
    }

    @Test func aCancelledAttemptIsNobodysFault() {
        #expect(!FailureClass.cancelled.isRetryable && !FailureClass.cancelled.countsAgainstHealth)
        #expect(FailureClass.cancelled.label == "cancelled" && FailureClass.cancelled.status == nil)
    }

    @Test(arguments: [
        (400, "http_400"), (404, "http_404"), (499, "http_499"), (444, "http_4xx"), (500, "http_500"),
        (520, "http_520"),
        (598, "http_5xx"), (429, "rate_limited"), (503, "overloaded"), (401, "http_401"), (402, "http_402"),
    ])
    func labelsNameUsualStatuses(status: Int, label: String) {
        #expect(FailureClass.of(status: status)?.label == label)
    }

    @Test func labelsAreFew() {
        let labels = Set((-10...2_000).compactMap { FailureClass.of(status: $0)?.label })
        #expect(labels.count < 70)
        for label in labels {
            #expect(
                label.utf8.allSatisfy { ("a"..."z").contains(Character(Unicode.Scalar($0))) || $0 == 95 || $0 < 58 })
        }
    }

    @Test(arguments: [401, 402, 403, 404, 429, 500, 503, 529]) func theStatusIsKept(status: Int) {
        #expect(FailureClass.of(status: status)?.status == status)
    }
}
