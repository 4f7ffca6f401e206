import FoundationEssentials
import Glibc
import Metering
import Testing

@testable import Stores

@Suite struct RecoveryTests {
    @Test func aTailTornAtAnyByteCostsItselfAlone() async throws {
        var numbers = SeededGenerator(seed: 1)
        let records = numbers.plainRecords(3)
        let earlier = records[0].frame.count + records[1].frame.count
        let whole = records.flatMap(\.frame)
        for end in earlier..<whole.count {
            let folder = try JournalFolder()
            try folder.setBytes(Array(whole[..<end]))
            let store = RecordingStore()
            let statistics = try await folder.recover(into: store)
            #expect(store.records == Array(records[..<2]), "cut at \(end)")
            #expect(statistics.tornFrames == (end == earlier ? 0 : 1), "cut at \(end)")
            #expect(statistics.pendingBytes == 0 && statistics.segments == 0, "cut at \(end)")
            #expect(try folder.names() == ["lock"], "cut at \(end)")
        }
    }

    @Test func zerosBehindTheLastRecordAreATornTail() async throws {
        var numbers = SeededGenerator(seed: 2)
        let record = numbers.plainRecord()
        let folder = try JournalFolder()
        try folder.setBytes(record.frame + [UInt8](repeating: 0, count: 4_096))
        let store = RecordingStore()
        #expect(try await folder.recover(into: store).tornFrames == 1)
        #expect(store.records == [record])
        #expect(try folder.names() == ["lock"])
    }

    @Test func aSegmentOfZeroBytesIsRemoved() async throws {
        let folder = try JournalFolder()
        try folder.setBytes([])
        let store = RecordingStore()
        #expect(try await folder.recover(into: store) == JournalStatistics())
        #expect(store.batches.isEmpty)
        #expect(try folder.names() == ["lock"])
    }

    @Test func aDamagedRecordCostsItselfAloneAndItsFileIsKept() async throws {
        var numbers = SeededGenerator(seed: 3)
        let records = numbers.plainRecords(4)
        for place in [4, 8, 100] {
            let folder = try JournalFolder(leaving: records)
            var bytes = try folder.bytes()
            bytes[records[0].frame.count + place] ^= 0x10
            try folder.setBytes(bytes)
            let store = RecordingStore()
            let statistics = try await folder.recover(into: store)
            #expect(store.records == [records[0], records[2], records[3]], "place \(place)")
            #expect(statistics.tornFrames == 1 && statistics.pendingBytes == 0 && statistics.segments == 0)
            #expect(try folder.segments.isEmpty)
            let kept = try folder.damagedFiles
            #expect(kept.count == 1)
            for name in kept {
                #expect(try Data(contentsOf: URL(filePath: folder.path + "/" + name)) == Data(bytes))
            }
        }
    }

    @Test func anyByteDamagedSparesTheRecordsBeforeIt() async throws {
        var numbers = SeededGenerator(seed: 4)
        let records = numbers.plainRecords(2)
        let whole = records.flatMap(\.frame)
        let first = records[0].frame.count
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= UInt8(1 + numbers.next() % 255)
            let folder = try JournalFolder()
            try folder.setBytes(bytes)
            let store = RecordingStore()
            let statistics = try await folder.recover(into: store)
            // The second record survives the first but where the first one's length is damaged.
            let survivor = place >= first ? [records[0]] : place >= 4 ? [records[1]] : []
            #expect(store.records == survivor, "byte \(place)")
            #expect(statistics.tornFrames == 1, "byte \(place)")
            #expect(try folder.damagedFiles.count == 1 && folder.segments.isEmpty, "byte \(place)")
        }
    }

    @Test(arguments: [31, 32, 33] as [UInt64])
    func damageOfEverySortNeverMakesAWrongRecord(seed: UInt64) async throws {
        var numbers = SeededGenerator(seed: seed)
        for round in 0..<100 {
            let records = (0..<8).map { _ in numbers.record(attempts: Int(numbers.next() % 3)) }
            var bytes = records.flatMap(\.frame)
            var spared = bytes.count
            for _ in 0...numbers.next() % 6 {
                let place = Int.random(in: bytes.indices, using: &numbers)
                bytes[place] ^= UInt8(1 + numbers.next() % 255)
                spared = min(spared, place)
            }
            switch numbers.next() % 3 {
            case 0: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &numbers))
            case 1: bytes += [UInt8](repeating: 0, count: 4_096)
            default: break
            }
            spared = min(spared, bytes.count)
            let folder = try JournalFolder()
            try folder.setBytes(bytes)
            let store = RecordingStore()
            let statistics = try await folder.recover(into: store, batchSize: 3)
            let ends = records.reduce(into: [0]) { ends, record in ends.append((ends.last ?? 0) + record.frame.count) }
            let before = ends.dropFirst().count { $0 <= spared }
            let written = records.map(\.cut)
            #expect(store.records.starts(with: written[..<before]), "seed \(seed), round \(round)")
            #expect(store.records.allSatisfy(written.contains), "seed \(seed), round \(round)")
            #expect(statistics.segments == 0 && statistics.pendingBytes == 0, "seed \(seed), round \(round)")
            #expect(try folder.segments.isEmpty, "seed \(seed), round \(round)")
        }
    }

    /// Two writers append, flush and ship at random; after every step the process could be dead.
    @Test(arguments: [41, 42, 43] as [UInt64])
    func killedAtAnyMomentEveryFlushedRecordCountsOnce(seed: UInt64) async throws {
        var numbers = SeededGenerator(seed: seed)
        let store = RecordingStore()
        let living = try JournalFolder()
        let journal = try living.open(segmentBytes: 2_000)
        let shipper = journal.shipper(to: store, batchSize: 3)
        let writers = [journal.makeWriter(), journal.makeWriter()]
        var unflushed: [[UsageRecord]] = [[], []]
        var flushed: Set<UUID> = []
        for step in 0..<60 {
            let loop = Int(numbers.next() % 2)
            switch numbers.next() % 8 {
            case 0: try await shipper.drain()
            case 1...3:
                try writers[loop].flush()
                flushed.formUnion(unflushed[loop].map(\.id))
                unflushed[loop] = []
            default:
                let record = numbers.plainRecord()
                writers[loop].append(record)
                unflushed[loop].append(record)
            }
            let found = try living.copy()
            let successor = store.copy()
            try await found.recover(into: successor, batchSize: 4)
            #expect(Set(successor.ids) == flushed, "seed \(seed), step \(step)")
            #expect(successor.contradictions == 0, "seed \(seed), step \(step)")
            #expect(try found.segments.isEmpty, "seed \(seed), step \(step)")
        }
        #expect(flushed.count > 10, "seed \(seed)")
    }

    @Test func copiedWhileLoopsWriteEveryFlushedRecordIsFound() async throws {
        let folder = try JournalFolder()
        let journal = try folder.open(segmentBytes: 5_000)
        let flushed = RecordingStore()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for loop in 0..<4 as Range<UInt64> {
                group.addTask {
                    var numbers = SeededGenerator(seed: loop)
                    let writer = journal.makeWriter()
                    for _ in 0..<200 {
                        let records = numbers.plainRecords(Int(1 + numbers.next() % 4))
                        for record in records { writer.append(record) }
                        try writer.flush()
                        try await flushed.post(records)
                        await Task.yield()
                    }
                }
            }
            for _ in 0..<10 {
                let before = flushed.ids
                let copy = try folder.copy()
                let store = RecordingStore()
                let statistics = try await copy.recover(into: store)
                #expect(Set(before).isSubset(of: store.ids))
                #expect(store.repeats == 0)
                #expect(statistics.segments == 0)
            }
            try await group.waitForAll()
        }
        let store = RecordingStore()
        try await journal.shipper(to: store).drain()
        #expect(Set(store.ids) == Set(flushed.ids))
        #expect(store.repeats == 0)
    }

    @Test func postedAgainNothingChanges() async throws {
        var numbers = SeededGenerator(seed: 5)
        let records = numbers.plainRecords(20)
        let folder = try JournalFolder(leaving: records)
        let again = try folder.copy()
        let store = RecordingStore()
        try await folder.recover(into: store, batchSize: 6)
        try await again.recover(into: store, batchSize: 7)
        #expect(store.records == records)
        #expect(store.repeats == 20 && store.contradictions == 0)
    }

    @Test func aStoreThatIsDownAtTheStartKeepsTheFiles() async throws {
        var numbers = SeededGenerator(seed: 6)
        let records = numbers.plainRecords(5)
        let folder = try JournalFolder(leaving: records)
        let store = RecordingStore(fault: .down)
        await #expect(throws: StoreError.unavailable("down")) { try await folder.recover(into: store) }
        #expect(try folder.segments.count == 1)
        store.set(.none)
        try await folder.recover(into: store)
        #expect(store.records == records)
        #expect(try folder.segments.isEmpty)
    }

    @Test func filesOfOthersAreLeftAlone() async throws {
        let folder = try JournalFolder()
        try Data("mine".utf8).write(to: URL(filePath: folder.path + "/notes.txt"))
        try Data("mine".utf8).write(to: URL(filePath: folder.path + "/1.segment.damaged"))
        try await folder.recover(into: RecordingStore())
        #expect(try folder.names() == ["1.segment.damaged", "lock", "notes.txt"])
    }
}
