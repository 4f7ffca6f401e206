import Glibc

/// The system calls the journal makes, replaceable so that tests can fail them.
struct JournalSystem: Sendable {
    /// As `write(2)`: the bytes taken, or -1 with `errno` set.
    var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int

    static let live = JournalSystem { descriptor, bytes in
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    }
}

/// What opening the journal can fail with.
package enum JournalOpenError: Error, Equatable, CustomStringConvertible {
    /// Another process has the directory.
    case locked(path: String)
    /// A system call failed.
    case failed(path: String, operation: String, errno: Int32)

    package var description: String {
        switch self {
        case .locked(let path):
            "The journal directory \(path) is in use by another gateway. Give each instance its own storage.journal."
        case .failed(let path, let operation, let code):
            "The journal cannot \(operation) \(path): \(String(cString: strerror(code)))."
        }
    }
}

/// Files and folders, by system call.
enum JournalFiles {
    static func makeDirectory(_ path: String) throws(JournalOpenError) {
        var partial = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            partial += part + "/"
            if mkdir(partial, 0o700) != 0, errno != EEXIST {
                throw .failed(path: path, operation: "create", errno: errno)
            }
        }
    }

    /// Opens and locks `path` for this process alone; the lock goes with the descriptor.
    static func lock(_ path: String, directory: String) throws(JournalOpenError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed(path: path, operation: "open", errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK ? .locked(path: directory) : .failed(path: path, operation: "lock", errno: code)
        }
        return descriptor
    }

    /// The names of the segments in a directory, oldest first.
    static func segments(in directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(Segment.suffix) { names.append(name) }
        }
        return names.sorted()
    }

    /// All bytes from `offset` on, `limit` at the most; nil where the file cannot be read.
    static func read(_ path: String, from offset: Int, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        var filled = 0
        while filled < limit {
            let count = bytes.withUnsafeMutableBytes { target in
                pread(descriptor, target.baseAddress.map { $0 + filled }, limit - filled, off_t(offset + filled))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(limit - filled)
        return bytes
    }
}
