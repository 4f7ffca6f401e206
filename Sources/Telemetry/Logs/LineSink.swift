#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Where finished log lines go.
package struct LineSink: Sendable {
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: takes one whole line with its line feed; called from any thread.
    package init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
        self.write = write
    }

    /// Hands over a line, without its line feed.
    func send(_ line: String) {
        var bytes = Array(line.utf8)
        bytes.append(0x0A)
        write(bytes)
    }

    /// Standard error, one `write` a line so that lines of several threads do not mix. What cannot be written is lost:
    /// a log must not stop the gateway.
    package static let standardError = LineSink { bytes in
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            var written = 0
            while written < buffer.count {
                #if canImport(Glibc)
                    let result = Glibc.write(STDERR_FILENO, start + written, buffer.count - written)
                #else
                    let result = Darwin.write(STDERR_FILENO, start + written, buffer.count - written)
                #endif
                if result > 0 {
                    written += result
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
