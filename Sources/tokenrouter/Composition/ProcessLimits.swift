import Glibc

/// What the process may use of the machine.
enum ProcessLimits {
    /// Raises the open-file limit to the hard limit: each stream holds two sockets.
    ///
    /// - Returns: the limit now in force.
    @discardableResult
    static func raiseOpenFiles() -> UInt64 {
        var limit = rlimit()
        let kind = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
        guard getrlimit(kind, &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(kind, &limit) == 0 else { return 0 }
        return UInt64(limit.rlim_cur)
    }
}
