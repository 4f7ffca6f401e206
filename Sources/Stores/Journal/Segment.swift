import Glibc
import Metering
import Synchronization

/// One append-only file of the journal: written by one event loop, read by the shipper.
final class Segment: Sendable {
    static let suffix = ".segment"

    let path: String
    private let descriptor: Int32
    private let committed: Atomic<Int>
    private let sealed = Atomic<Bool>(false)

    /// Opens a new, empty file.
    init(path: String) throws(JournalOpenError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed(path: path, operation: "create", errno: errno) }
        committed = Atomic(0)
    }

    /// A file that an earlier process left behind: nothing is written to it any more.
    init(leftBehind path: String) {
        self.path = path
        descriptor = -1
        var status = stat()
        committed = Atomic(stat(path, &status) == 0 ? Int(status.st_size) : 0)
        sealed.store(true, ordering: .relaxed)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Bytes that are with the kernel; whole frames, but for a file that was left behind.
    var committedBytes: Int { committed.load(ordering: .acquiring) }

    /// True once nothing more will be written.
    var isSealed: Bool { sealed.load(ordering: .acquiring) }

    /// For the writer alone: hands all bytes to the kernel, or none of them.
    ///
    /// - Throws: the `errno`; what was written in part is cut off again, and the segment is sealed.
    func append(_ bytes: UnsafeRawBufferPointer, system: JournalSystem) throws(JournalError) {
        var written = 0
        while written < bytes.count {
            let count = system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
            if count > 0 {
                written += min(count, bytes.count - written)
            } else if count < 0, errno == EINTR {
                continue
            } else {
                let code = count < 0 ? errno : EIO
                _ = ftruncate(descriptor, off_t(committedBytes))
                seal()
                throw .writeFailed(errno: code)
            }
        }
        committed.wrappingAdd(written, ordering: .releasing)
    }

    /// Writes the bytes and takes them back: does the disk take any?
    func tryOut(_ bytes: UnsafeRawBufferPointer, system: JournalSystem) throws(JournalError) {
        let count = system.write(descriptor, bytes)
        let code = errno
        guard ftruncate(descriptor, off_t(committedBytes)) == 0, count == bytes.count else {
            seal()
            throw .writeFailed(errno: count < 0 ? code : ENOSPC)
        }
    }

    func seal() {
        sealed.store(true, ordering: .releasing)
    }

    /// Puts what is written onto the disk.
    func synchronize() -> Bool {
        descriptor < 0 || fdatasync(descriptor) == 0
    }
}
