import Metering

/// One event loop's end of the journal. Confined to that loop.
final class SegmentWriter: JournalWriter {
    private let journal: Journal
    private let number: Int
    private var buffer: [UInt8] = []
    private var segment: Segment?
    private var hasFailed = false

    init(journal: Journal, number: Int) {
        self.journal = journal
        self.number = number
    }

    deinit {
        segment?.seal()
    }

    var isWritable: Bool { !needsProbe && !journal.isFull }

    private var needsProbe: Bool { hasFailed || segment?.hasLostBytes == true }

    func append(_ record: UsageRecord) {
        RecordCoding.append(record, to: &buffer)
    }

    func flush() throws(JournalError) {
        guard !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        guard !journal.isFull else { throw .full }
        do throws(JournalError) {
            let segment = try openSegment()
            try buffer.withUnsafeBytes { bytes in
                Result { () throws(JournalError) in try segment.append(bytes, system: journal.system) }
            }.get()
            journal.wrote(buffer.count)
            hasFailed = false
            if segment.committedBytes >= journal.configuration.segmentBytes { retire() }
        } catch {
            hasFailed = true
            retireUnlessEmpty()
            throw error
        }
    }

    /// A page of zeros tells whether the disk takes bytes again; it is cut off before anyone reads it.
    func probe() {
        guard needsProbe, !journal.isFull else { return }
        do throws(JournalError) {
            let page = [UInt8](repeating: 0, count: 4_096)
            let segment = try openSegment()
            try page.withUnsafeBytes { bytes in
                Result { () throws(JournalError) in try segment.tryOut(bytes, system: journal.system) }
            }.get()
            hasFailed = false
        } catch {
            hasFailed = true
            retireUnlessEmpty()
        }
    }

    private func openSegment() throws(JournalError) -> Segment {
        if let segment, !segment.isSealed, !segment.isSuspect { return segment }
        retire()
        do throws(JournalOpenError) {
            let fresh = try journal.makeSegment(writer: number)
            segment = fresh
            return fresh
        } catch {
            switch error {
            case .failed(_, _, let code): throw .writeFailed(errno: code)
            case .locked: throw .writeFailed(errno: 0)
            }
        }
    }

    /// After a failure another file may do better; one that holds nothing is kept, lest every attempt leave a file.
    private func retireUnlessEmpty() {
        if let segment, segment.isSealed || segment.committedBytes > 0 { retire() }
    }

    private func retire() {
        segment?.seal()
        segment = nil
    }
}
