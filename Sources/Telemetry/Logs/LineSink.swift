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
    package func send(_ line: String) {
        var bytes = Array(line.utf8)
        bytes.append(0x0A)
        write(bytes)
    }

    package static let standardError = LineSink(descriptor: STDERR_FILENO)

    /// Appends to a file that only its owner may read, made where there is none.
    ///
    /// - Returns: nil: it cannot be opened.
    package static func file(_ path: String) -> LineSink? {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        return descriptor >= 0 ? LineSink(descriptor: descriptor) : nil
    }

    /// One `write` a line so that lines of several threads do not mix. What cannot be written is lost: a log must not stop
    /// the gateway.
    private init(descriptor: Int32) {
        self.init { bytes in
            bytes.withUnsafeBytes { buffer in
                guard let start = buffer.baseAddress else { return }
                var written = 0
                while written < buffer.count {
                    #if canImport(Glibc)
                        let result = Glibc.write(descriptor, start + written, buffer.count - written)
                    #else
                        let result = Darwin.write(descriptor, start + written, buffer.count - written)
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
}
