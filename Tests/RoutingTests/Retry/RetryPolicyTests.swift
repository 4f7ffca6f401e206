import Routing
import Testing

@Suite struct RetryPolicyTests {
    @Test func triesThreeTimesWhereNothingIsSaid() {
        let policy = RetryPolicy()
        #expect(
            (1...5).map { policy.mayRetry(after: .reset, attemptsMade: $0, isCommitted: false) } == [
                true, true, false, false, false,
            ])
    }

    @Test(arguments: [0, -1, Int.min, 1]) func oneAttemptIsTheLeast(maximum: Int) {
        let policy = RetryPolicy(maximumAttempts: maximum)
        #expect(policy.maximumAttempts == 1)
        #expect(!policy.mayRetry(after: .reset, attemptsMade: 1, isCommitted: false))
    }

    @Test func neverBehindTheFirstByte() {
        #expect(!RetryPolicy().mayRetry(after: .reset, attemptsMade: 1, isCommitted: true))
    }

    @Test(arguments: [FailureClass.clientError(status: 400), .cancelled])
    func notWhereNothingElseWouldHelp(failure: FailureClass) {
        #expect(!RetryPolicy().mayRetry(after: failure, attemptsMade: 1, isCommitted: false))
    }
}
