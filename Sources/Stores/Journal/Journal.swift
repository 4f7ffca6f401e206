import FoundationEssentials
import Glibc
package import Logging
package import Metering
import Synchronization

package struct JournalConfiguration: Sendable {
    /// A segment past it is sealed and a new one begun.
    package var segmentBytes = 8 << 20
    /// Bytes written and not yet in the store, all segments together; past it the journal is full.
    package var maximumPendingBytes = 1 << 30

    package init() {}
}

/// What the journal holds, for metrics and people.
package struct JournalStatistics: Sendable, Equatable {
    package var segments = 0
    package var pendingBytes = 0
    /// Frames that were cut off or damaged, and skipped.
    package var tornFrames = 0

    package init() {}
}

/// The usage journal: finished exchanges between the response's last byte and the main store.
///
/// A directory of append-only segments, a writer for each event loop. The directory belongs to one process at a time.
package final class Journal: Sendable {
    let directory: String
    private let lockDescriptor: Int32
    let configuration: JournalConfiguration
    let logger: Logger
    let system: JournalSystem
    private let state = Mutex(State())
    private let pending = Atomic<Int>(0)
    /// Milliseconds since 1970: tells this process's segments from those of earlier ones, and orders them.
    private let startedAt: UInt64

    private struct State {
        /// Oldest first; those left behind by earlier processes before ours.
        var segments: [ShippedSegment] = []
        var writers = 0
        var created = 0
        var tornFrames = 0
        /// A file was made whose name may not be on the disk yet.
        var hasNewNames = false
    }

    /// A segment and how far it is in the store.
    struct ShippedSegment: Sendable {
        let segment: Segment
        var shippedBytes = 0
        /// Some of it was skipped as damaged.
        var isDamaged = false
    }

    /// Takes the directory, making it where it is missing.
    ///
    /// - Throws: `JournalOpenError`
    package convenience init(
        directory: String, configuration: JournalConfiguration, logger: Logger
    ) throws(JournalOpenError) {
        try self.init(directory: directory, configuration: configuration, logger: logger, system: .live)
    }

    init(
        directory: String, configuration: JournalConfiguration, logger: Logger, system: JournalSystem
    ) throws(JournalOpenError) {
        self.directory = directory
        self.configuration = configuration
        self.logger = logger
        self.system = system
        try JournalFiles.makeDirectory(directory)
        lockDescriptor = try JournalFiles.lock(directory + "/lock", directory: directory)
        let now = UInt64(max(0, Date().timeIntervalSince1970) * 1_000)
        let names = try JournalFiles.segments(in: directory)
        // Past every name there is, wherever the clock stands.
        startedAt = names.reduce(now) { max($0, (UInt64($1.prefix { $0 != "-" }) ?? 0) &+ 1) }
        var left: [ShippedSegment] = []
        for name in names {
            left.append(ShippedSegment(segment: try Segment(leftBehind: directory + "/" + name)))
        }
        pending.store(left.reduce(0) { $0 + $1.segment.committedBytes }, ordering: .relaxed)
        state.withLock { $0.segments = left }
    }

    deinit {
        close(lockDescriptor)
    }

    /// A writer for one event loop.
    package func makeWriter() -> any JournalWriter {
        let number = state.withLock { state in
            state.writers += 1
            return state.writers
        }
        return SegmentWriter(journal: self, number: number)
    }

    package var statistics: JournalStatistics {
        var statistics = JournalStatistics()
        // Below zero for a moment, where the shipper was faster than the writer's count.
        statistics.pendingBytes = max(0, pending.load(ordering: .relaxed))
        state.withLock { state in
            statistics.segments = state.segments.count
            statistics.tornFrames = state.tornFrames
        }
        return statistics
    }

    // MARK: For the writers

    var isFull: Bool { pending.load(ordering: .relaxed) >= configuration.maximumPendingBytes }

    func makeSegment(writer: Int) throws(JournalOpenError) -> Segment {
        let sequence = state.withLock { state in
            state.created += 1
            return state.created
        }
        let name = "\(Self.padded(startedAt, 14))-\(Self.padded(UInt64(sequence), 8))-\(writer)\(Segment.suffix)"
        let segment = try Segment(path: directory + "/" + name)
        state.withLock { state in
            state.segments.append(ShippedSegment(segment: segment))
            state.hasNewNames = true
        }
        return segment
    }

    private static func padded(_ value: UInt64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    func wrote(_ bytes: Int) {
        pending.wrappingAdd(bytes, ordering: .relaxed)
    }

    // MARK: For the shipper

    var segments: [ShippedSegment] { state.withLock { $0.segments } }

    func shipped(_ segment: Segment, upTo offset: Int) {
        advance(segment, to: offset, isDamaged: false)
    }

    /// Goes on behind bytes of the segment that cannot be read.
    ///
    /// - Parameter isDamaged: more than the cut tail that a killed process leaves: the file is kept for people to look at.
    func skip(_ segment: Segment, from start: Int, to end: Int, isDamaged: Bool) {
        logger.warning(
            "journal frame skipped",
            metadata: [
                "journal.path": "\(segment.path)", "journal.offset": "\(start)", "journal.bytes": "\(end - start)",
                "journal.damaged": "\(isDamaged)",
            ])
        state.withLock { $0.tornFrames += 1 }
        advance(segment, to: end, isDamaged: isDamaged)
    }

    private func advance(_ segment: Segment, to offset: Int, isDamaged: Bool) {
        let advanced = state.withLock { state -> Int in
            guard let index = state.segments.firstIndex(where: { $0.segment === segment }) else { return 0 }
            let advanced = offset - state.segments[index].shippedBytes
            state.segments[index].shippedBytes = offset
            if isDamaged { state.segments[index].isDamaged = true }
            return advanced
        }
        pending.wrappingSubtract(advanced, ordering: .relaxed)
    }

    /// The segment is sealed and all of it that can be read is in the store.
    func remove(_ segment: Segment) {
        let isDamaged = state.withLock { state in
            guard let index = state.segments.firstIndex(where: { $0.segment === segment }) else { return false }
            return state.segments.remove(at: index).isDamaged
        }
        if isDamaged {
            rename(segment.path, segment.path + ".damaged")
        } else {
            unlink(segment.path)
        }
    }

    /// Puts everything written so far onto the disk, names included. False: something is not there.
    func synchronize() -> Bool {
        let (segments, hasNewNames) = state.withLock { state in
            defer { state.hasNewNames = false }
            return (state.segments, state.hasNewNames)
        }
        var isWhole = true
        for entry in segments where !entry.segment.synchronize(system: system) { isWhole = false }
        if hasNewNames, !JournalFiles.synchronizeDirectory(directory) {
            state.withLock { $0.hasNewNames = true }
            isWhole = false
        }
        return isWhole
    }
}
