import ServiceLifecycle

extension ClientWatch {
    /// A long pause that a graceful shutdown ends too, so that a stalled answer does not hold up the process.
    func pauseUntilShutdown(_ duration: Duration) async throws {
        try await cancelWhenGracefulShutdown { try await self.pause(duration) }
        // Nobody left and nothing shut down within the longest silence: the vendor gives up.
        throw BrokenOnPurpose()
    }
}
