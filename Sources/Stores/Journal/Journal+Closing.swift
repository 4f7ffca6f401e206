import Glibc

extension Journal {
    /// Takes the directory away when nothing is left in it to post: a process that ended well leaves no trace.
    ///
    /// To be called last; nothing may be written afterwards.
    package func removeIfEmpty() {
        guard segments.allSatisfy({ $0.shippedBytes >= $0.segment.committedBytes }) else { return }
        for entry in segments { remove(entry.segment) }
        unlink(directory + "/lock")
        rmdir(directory)
    }
}
