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
    private let suspect = Atomic<Bool>(false)
    private let synchronized = Atomic<Int>(0)
    private let lost = Atomic<Bool>(false)

    /// Opens a new, empty file.
    init(path: String) throws(JournalOpenError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed(path: path, operation: "create", errno: errno) }
        committed = Atomic(0)
    }

    /// A file that an earlier process left behind: nothing is written to it any more.
    init(leftBehind path: String) throws(JournalOpenError) {
        self.path = path
        descriptor = -1
        committed = Atomic(try JournalFiles.size(of: path))
        sealed.store(true, ordering: .relaxed)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Was it written by an earlier process? Only then can it end within a frame.
    var isLeftBehind: Bool { descriptor < 0 }

    /// Bytes that are with the kernel; whole frames, but for a file that was left behind.
    var committedBytes: Int { committed.load(ordering: .acquiring) }

    /// True once nothing more will be written.
    var isSealed: Bool { sealed.load(ordering: .acquiring) }

    /// True once its bytes turned out not to be what was written: the writer is to begin another.
    var isSuspect: Bool { suspect.load(ordering: .relaxed) }

    /// True once bytes that were written may be missing on the disk.
    var hasLostBytes: Bool { lost.load(ordering: .acquiring) }

    func doubt() {
        suspect.store(true, ordering: .relaxed)
    }

    /// For the writer alone: hands all bytes to the kernel, or none of them.
    ///
    /// - Throws: the `errno`; what was written in part is cut off again, or, where even that fails, the segment is sealed.
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
                if ftruncate(descriptor, off_t(committedBytes)) != 0 { seal() }
                throw .writeFailed(errno: code)
            }
        }
        committed.wrappingAdd(written, ordering: .releasing)
    }

    /// Writes the bytes and takes them back: does the disk take any?
    func tryOut(_ bytes: UnsafeRawBufferPointer, system: JournalSystem) throws(JournalError) {
        let count = system.write(descriptor, bytes)
        let code = count < 0 ? errno : ENOSPC
        let isCut = ftruncate(descriptor, off_t(committedBytes)) == 0
        if !isCut { seal() }
        guard isCut, count == bytes.count else { throw .writeFailed(errno: code) }
    }

    func seal() {
        sealed.store(true, ordering: .releasing)
    }

    /// All bytes from `offset` on, `limit` at the most; nil where the file cannot be read.
    func read(from offset: Int, limit: Int) -> [UInt8]? {
        guard isLeftBehind else { return JournalFiles.read(descriptor, from: offset, limit: limit) }
        let reader = open(path, O_RDONLY | O_CLOEXEC)
        guard reader >= 0 else { return nil }
        defer { close(reader) }
        return JournalFiles.read(reader, from: offset, limit: limit)
    }

    /// For the shipper alone: puts what is written onto the disk. False: it is not there, and stays so.
    ///
    /// The kernel tells of lost pages once and then calls them clean, so a failure is never tried again: the writer is to
    /// begin another segment.
    func synchronize(system: JournalSystem) -> Bool {
        guard descriptor >= 0 else { return true }
        guard !hasLostBytes else { return false }
        let end = committedBytes
        guard end > synchronized.load(ordering: .relaxed) else { return true }
        guard system.synchronize(descriptor) == 0 else {
            doubt()
            lost.store(true, ordering: .releasing)
            return false
        }
        synchronized.store(end, ordering: .relaxed)
        return true
    }
}
