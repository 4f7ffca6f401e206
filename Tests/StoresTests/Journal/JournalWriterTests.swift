import FoundationEssentials
import Glibc
import Metering
import Synchronization
import Testing

@testable import Stores

/// A disk with so many bytes of room, that may take them in small pieces and be interrupted.
final class SmallDisk: Sendable {
    private struct State {
        var room: Int
        var calls = 0
    }

    private let state: Mutex<State>
    private let longestWrite: Int
    private let isInterrupted: Bool

    /// - Parameter isInterrupted: every other call fails with EINTR.
    init(room: Int = .max, longestWrite: Int = .max, isInterrupted: Bool = false) {
        state = Mutex(State(room: room))
        self.longestWrite = longestWrite
        self.isInterrupted = isInterrupted
    }

    var calls: Int { state.withLock { $0.calls } }

    func setRoom(_ bytes: Int) { state.withLock { $0.room = bytes } }

    var system: JournalSystem {
        JournalSystem { descriptor, bytes in
            let count = self.state.withLock { state -> Int? in
                state.calls += 1
                if self.isInterrupted, state.calls % 2 == 1 { return nil }
                let count = min(bytes.count, state.room, self.longestWrite)
                state.room -= count
                return count
            }
            guard let count, count > 0 else {
                errno = count == nil ? EINTR : ENOSPC
                return -1
            }
            return Glibc.write(descriptor, bytes.baseAddress, count)
        }
    }
}

@Suite struct JournalWriterTests {
    @Test func interruptedAndShortWritesAreCarriedOn() async throws {
        var numbers = SeededGenerator(seed: 1)
        let records = numbers.plainRecords(10)
        let disk = SmallDisk(longestWrite: 7, isInterrupted: true)
        let journal = try JournalFolder().open(system: disk.system)
        let writer = journal.makeWriter()
        for record in records { try writer.write(record) }
        let store = RecordingStore()
        try await journal.shipper(to: store).drain()
        #expect(store.records == records)
        #expect(journal.statistics.tornFrames == 0)
    }

    /// At 0 not a byte is taken, at 7 not a header, at 900 two records of twenty are whole.
    @Test(arguments: [0, 1, 7, 8, 100, 900], [Int.max, 50])
    func aFullDiskTakesAllOrNothingAndRecovers(room: Int, longestWrite: Int) async throws {
        var numbers = SeededGenerator(seed: 2)
        let records = numbers.plainRecords(23)
        let folder = try JournalFolder()
        let disk = SmallDisk(longestWrite: longestWrite)
        let journal = try folder.open(system: disk.system)
        let writer = journal.makeWriter()
        try writer.write(records[0])
        disk.setRoom(room)
        for record in records[1...20] { writer.append(record) }
        #expect(throws: JournalError.writeFailed(errno: ENOSPC)) { try writer.flush() }
        #expect(!writer.isWritable)

        disk.setRoom(0)
        writer.probe()
        #expect(!writer.isWritable)
        #expect(throws: JournalError.writeFailed(errno: ENOSPC)) { try writer.write(records[21]) }
        disk.setRoom(.max)
        #expect(!writer.isWritable)

        if longestWrite == .max {
            writer.probe()
            #expect(writer.isWritable)
        }
        try writer.write(records[22])
        #expect(writer.isWritable)

        let successor = RecordingStore()
        #expect(try await folder.copy().recover(into: successor) == JournalStatistics())
        #expect(successor.records == [records[0], records[22]])
        let store = RecordingStore()
        try await journal.shipper(to: store).drain()
        #expect(store.records == [records[0], records[22]])
        #expect(journal.statistics.tornFrames == 0 && journal.statistics.pendingBytes == 0)
        #expect(try folder.segments.count == 1)
    }

    @Test func aLongFailureDoesNotFillTheFolder() throws {
        var numbers = SeededGenerator(seed: 3)
        let folder = try JournalFolder()
        let journal = try folder.open(system: SmallDisk(room: 0).system)
        let writer = journal.makeWriter()
        for _ in 0..<100 {
            #expect(throws: JournalError.self) { try writer.write(numbers.plainRecord()) }
            writer.probe()
        }
        #expect(try folder.segments.count == 1)
        #expect(try folder.bytes().isEmpty)
    }

    @Test func oneWritersFailureIsNotAnothers() throws {
        var numbers = SeededGenerator(seed: 4)
        let disk = SmallDisk(room: 0)
        let journal = try JournalFolder().open(system: disk.system)
        let (first, second) = (journal.makeWriter(), journal.makeWriter())
        #expect(throws: JournalError.writeFailed(errno: ENOSPC)) { try first.write(numbers.plainRecord()) }
        disk.setRoom(.max)
        try second.write(numbers.plainRecord())
        #expect(!first.isWritable)
        #expect(second.isWritable)
    }

    @Test func aProbeLeavesNothingBehind() throws {
        var numbers = SeededGenerator(seed: 5)
        let folder = try JournalFolder()
        let disk = SmallDisk(room: 0)
        let writer = try folder.open(system: disk.system).makeWriter()
        #expect(throws: JournalError.self) { try writer.write(numbers.plainRecord()) }
        for room in [1_000, 4_095, 1 << 20] {
            disk.setRoom(room)
            writer.probe()
            #expect(try folder.bytes().isEmpty)
            #expect(writer.isWritable == (room == 1 << 20))
        }
    }

    @Test func aFolderThatVanishedIsAFailureUntilItIsBack() async throws {
        var numbers = SeededGenerator(seed: 6)
        let folder = try JournalFolder()
        let journal = try folder.open()
        let writer = journal.makeWriter()
        try FileManager.default.moveItem(atPath: folder.path, toPath: folder.path + ".away")
        #expect(throws: JournalError.writeFailed(errno: ENOENT)) { try writer.write(numbers.plainRecord()) }
        writer.probe()
        #expect(!writer.isWritable)
        try FileManager.default.moveItem(atPath: folder.path + ".away", toPath: folder.path)
        writer.probe()
        #expect(writer.isWritable)
        let record = numbers.plainRecord()
        try writer.write(record)
        let store = RecordingStore()
        try await journal.shipper(to: store).drain()
        #expect(store.records == [record])
    }

    @Test func pastItsSizeTheJournalTakesNothingUntilTheStoreCaughtUp() async throws {
        var numbers = SeededGenerator(seed: 7)
        let journal = try JournalFolder().open(maximumPendingBytes: 2_000)
        let (first, second) = (journal.makeWriter(), journal.makeWriter())
        var expected: [UsageRecord] = []
        while first.isWritable {
            expected.append(numbers.plainRecord())
            try first.write(expected[expected.count - 1])
        }
        #expect((3...10).contains(expected.count))
        #expect(!second.isWritable)
        for writer in [first, second] {
            #expect(throws: JournalError.full) { try writer.write(numbers.plainRecord()) }
            writer.probe()
            #expect(!writer.isWritable)
        }
        let store = RecordingStore(fault: .down)
        let shipper = journal.shipper(to: store)
        await #expect(throws: StoreError.self) { try await shipper.drain() }
        #expect(!first.isWritable)
        store.set(.none)
        try await shipper.drain()
        #expect(first.isWritable && second.isWritable)
        expected.append(numbers.plainRecord())
        try second.write(expected[expected.count - 1])
        try await shipper.drain()
        #expect(store.records == expected)
    }

    @Test func whatAnEarlierProcessLeftCountsAsPending() async throws {
        var numbers = SeededGenerator(seed: 8)
        let folder = try JournalFolder(leaving: numbers.plainRecords(10))
        let journal = try folder.open(maximumPendingBytes: 1_000)
        #expect(journal.statistics.pendingBytes == (try folder.bytes().count))
        let writer = journal.makeWriter()
        #expect(!writer.isWritable)
        try await journal.shipper(to: RecordingStore()).recover()
        #expect(writer.isWritable)
    }

    @Test func anEmptyFlushWritesNothing() throws {
        let folder = try JournalFolder()
        let writer = try folder.open().makeWriter()
        try writer.flush()
        #expect(writer.isWritable)
        #expect(try folder.segments.isEmpty)
    }

    @Test func aFlushIsOneWrite() throws {
        var numbers = SeededGenerator(seed: 9)
        let disk = SmallDisk()
        let writer = try JournalFolder().open(system: disk.system).makeWriter()
        for record in numbers.plainRecords(10) { writer.append(record) }
        try writer.flush()
        #expect(disk.calls == 1)
    }
}
