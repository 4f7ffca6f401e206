#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads a small text file, or a pipe, whole.
enum FileReading {
    enum Failure: Error, Equatable {
        /// The system's words.
        case unreadable(String)
        case tooLarge(byteLimit: Int)
        /// The line of the first byte that does not fit.
        case notUTF8(line: Int)

        var message: String {
            switch self {
            case .unreadable(let reason): "cannot be read: \(reason)"
            case .tooLarge(let limit): "the file is larger than \(limit >> 20) MiB"
            case .notUTF8: "the file is not UTF-8"
            }
        }

        var line: Int? {
            if case .notUTF8(let line) = self { line } else { nil }
        }
    }

    static func text(ofFileAt path: String, byteLimit: Int) throws(Failure) -> String {
        let bytes = try bytes(ofFileAt: path, byteLimit: byteLimit)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notUTF8(line: lineOfFirstBadByte(bytes))
        }
        return text
    }

    private static func bytes(ofFileAt path: String, byteLimit: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= byteLimit else { throw .tooLarge(byteLimit: byteLimit) }
        }
    }

    /// A line is whole or not: line breaks are bytes of their own in UTF-8.
    private static func lineOfFirstBadByte(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return 1 + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0)
    }
}
