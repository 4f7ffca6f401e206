/// Whether a failed attempt is followed by another. Where to, and how long after, is for those who know the targets.
package struct RetryPolicy: Sendable, Equatable {
    /// All attempts of one exchange together; at least 1.
    package let maximumAttempts: Int

    package init(maximumAttempts: Int = 3) {
        self.maximumAttempts = max(1, maximumAttempts)
    }

    /// True when another attempt may be made.
    ///
    /// - Parameters:
    ///   - attemptsMade: the one that failed included.
    ///   - isCommitted: a byte of an answer already went to the client: a second answer must never follow it.
    package func mayRetry(after failure: FailureClass, attemptsMade: Int, isCommitted: Bool) -> Bool {
        !isCommitted && attemptsMade < maximumAttempts && failure.isRetryable
    }
}
