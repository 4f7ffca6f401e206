import Glibc

/// The system calls the journal makes, replaceable so that tests can fail them.
struct JournalSystem: Sendable {
    /// As `write(2)`: the bytes taken, or -1 with `errno` set.
    var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
    /// As `fdatasync(2)`: 0, or -1.
    var synchronize: @Sendable (_ descriptor: Int32) -> Int32 = { descriptor in fdatasync(descriptor) }

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
        guard isSameFile(descriptor, path) else {
            close(descriptor)
            throw .locked(path: directory)
        }
        return descriptor
    }

    /// False where the file was taken away between opening and locking: whoever did that is just closing.
    private static func isSameFile(_ descriptor: Int32, _ path: String) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
    }

    /// The names of the segments in a directory, oldest first.
    static func segments(in directory: String) throws(JournalOpenError) -> [String] {
        guard let handle = opendir(directory) else {
            throw .failed(path: directory, operation: "list", errno: errno)
        }
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

    /// Puts the names of new files onto the disk.
    static func synchronizeDirectory(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    /// In bytes.
    static func size(of path: String) throws(JournalOpenError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .failed(path: path, operation: "read", errno: errno) }
        return Int(status.st_size)
    }

    /// All bytes from `offset` on, `limit` at the most; nil where the file cannot be read.
    static func read(_ descriptor: Int32, from offset: Int, limit: Int) -> [UInt8]? {
        var hasFailed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { target, filled in
            while filled < limit {
                let rest = UnsafeMutableBufferPointer(rebasing: target[filled..<limit])
                let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
                if count < 0, errno == EINTR { continue }
                hasFailed = count < 0
                guard count > 0 else { break }
                filled += count
            }
        }
        return hasFailed ? nil : bytes
    }
}
