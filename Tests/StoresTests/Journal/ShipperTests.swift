import FoundationEssentials
import Metering
import Testing

@testable import Stores

@Suite(.timeLimit(.minutes(1))) struct ShipperTests {
    @Test func drainedIsWhatWasFlushedAndNoMore() async throws {
        var numbers = SeededGenerator(seed: 1)
        let records = numbers.plainRecords(47)
        let journal = try JournalFolder().open()
        let writer = journal.makeWriter()
        for record in records { try writer.write(record) }
        writer.append(numbers.plainRecord())
        let store = RecordingStore()
        try await journal.shipper(to: store, batchSize: 10).drain()
        #expect(store.records == records)
        #expect(store.batches == [10, 10, 10, 10, 7])
        #expect(journal.statistics.pendingBytes == 0)
    }

    @Test func anEmptyJournalDrainsAtOnce() async throws {
        let store = RecordingStore()
        let shipper = try JournalFolder().open().shipper(to: store)
        try await shipper.recover()
        try await shipper.drain()
        try await shipper.commit()
        #expect(store.batches.isEmpty)
    }

    @Test func moreThanIsReadAtOnceIsShippedWhole() async throws {
        var numbers = SeededGenerator(seed: 2)
        let journal = try JournalFolder().open()
        let writer = journal.makeWriter()
        var ids: [UUID] = []
        for _ in 0..<40 {
            var record = numbers.record(attempts: 64)
            let long = String(repeating: "p", count: 512)
            for index in record.attempts.indices { record.attempts[index].provider = long }
            ids.append(record.id)
            try writer.write(record)
        }
        #expect(journal.statistics.pendingBytes > 1 << 20)
        let store = RecordingStore()
        try await journal.shipper(to: store, batchSize: 1_000).drain()
        #expect(store.ids == ids && store.repeats == 0)
        #expect(journal.statistics.tornFrames == 0)
    }

    @Test(arguments: [51, 52, 53, 54] as [UInt64])
    func aStoreThatFailsAtRandomLosesAndDoublesNothing(seed: UInt64) async throws {
        var numbers = SeededGenerator(seed: seed)
        let folder = try JournalFolder()
        let journal = try folder.open(segmentBytes: 3_000)
        let store = RecordingStore(fault: .random(SeededGenerator(seed: seed &* 31)))
        let shipper = journal.shipper(to: store, batchSize: 7)
        let writers = [journal.makeWriter(), journal.makeWriter()]
        var expected: [UUID: UsageRecord] = [:]
        for round in 0..<100 {
            for record in numbers.plainRecords(Int(1 + numbers.next() % 9)) {
                expected[record.id] = record
                writers[round % 2].append(record)
            }
            try writers[round % 2].flush()
            do {
                try await shipper.drain()
                #expect(store.ids.count == expected.count, "seed \(seed), round \(round)")
            } catch {
                #expect(journal.statistics.pendingBytes > 0, "seed \(seed), round \(round)")
            }
        }
        store.set(.none)
        try await shipper.drain()
        #expect(store.failures > 20, "seed \(seed)")
        #expect(store.ids.count == expected.count, "seed \(seed)")
        #expect(store.records.allSatisfy { expected[$0.id] == $0 }, "seed \(seed)")
        #expect(store.contradictions == 0, "seed \(seed)")
        #expect(journal.statistics.pendingBytes == 0 && journal.statistics.tornFrames == 0, "seed \(seed)")
        #expect(try folder.segments.count <= 2, "seed \(seed)")
    }

    @Test func aStoreThatIsDownFailsEveryDrainAndLosesNothing() async throws {
        var numbers = SeededGenerator(seed: 3)
        let records = numbers.plainRecords(20)
        let folder = try JournalFolder()
        let journal = try folder.open(segmentBytes: 1_000)
        let store = RecordingStore(fault: .down)
        let shipper = journal.shipper(to: store)
        let writer = journal.makeWriter()
        for record in records {
            try writer.write(record)
            await #expect(throws: StoreError.unavailable("down")) { try await shipper.drain() }
            await #expect(throws: StoreError.unavailable("down")) { try await shipper.commit() }
        }
        #expect(writer.isWritable)
        #expect(store.ids.isEmpty)
        store.set(.none)
        try await shipper.drain()
        #expect(store.records == records)
    }

    @Test func loopsReadTheirWritesAfterADrain() async throws {
        let journal = try JournalFolder().open(segmentBytes: 10_000)
        let store = RecordingStore()
        let shipper = journal.shipper(to: store, batchSize: 16)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for loop in 0..<4 as Range<UInt64> {
                group.addTask {
                    var numbers = SeededGenerator(seed: loop)
                    let writer = journal.makeWriter()
                    for round in 0..<100 {
                        let records = numbers.plainRecords(3)
                        for record in records { writer.append(record) }
                        try writer.flush()
                        if round % 2 == 0 { try await shipper.drain() } else { try await shipper.commit() }
                        let found = Set(store.ids)
                        #expect(records.allSatisfy { found.contains($0.id) }, "loop \(loop), round \(round)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(store.ids.count == 1_200 && store.repeats == 0)
    }

    /// A pass hangs in the store; meanwhile more is flushed and drained; then the store goes on.
    @Test func drainsThatOverlapEachWaitForTheirOwnRecords() async throws {
        var numbers = SeededGenerator(seed: 4)
        for _ in 0..<50 {
            let records = numbers.plainRecords(3)
            let journal = try JournalFolder().open()
            let store = GatedStore()
            let shipper = journal.shipper(to: store)
            let writers = [journal.makeWriter(), journal.makeWriter()]
            try writers[0].write(records[0])
            async let first: Void = shipper.drain()
            await store.arrived()
            try writers[0].write(records[1])
            try writers[1].write(records[2])
            async let second: Void = shipper.drain()
            async let third: Void = shipper.drain()
            await store.open()
            _ = try await (first, second, third)
            #expect(Set(await store.ids) == Set(records.map(\.id)))
        }
    }

    @Test func itShipsByItselfWhateverTheStoreDoesAtFirst() async throws {
        var numbers = SeededGenerator(seed: 5)
        let records = numbers.plainRecords(3)
        let journal = try JournalFolder().open()
        let store = RecordingStore(fault: .first(4))
        let shipper = journal.shipper(to: store)
        let running = Task { await shipper.run() }
        let writer = journal.makeWriter()
        for (index, record) in records.enumerated() {
            try writer.write(record)
            await store.hold(index + 1)
        }
        running.cancel()
        await running.value
        #expect(store.records == records && store.failures == 4)
    }

    @Test func cancelledWhileItWaitsItEndsAtOnce() async throws {
        var numbers = SeededGenerator(seed: 6)
        let journal = try JournalFolder().open()
        try journal.makeWriter().write(numbers.plainRecord())
        let store = RecordingStore()
        let shipper = journal.shipper(to: store, flushInterval: .seconds(3_600))
        let running = Task { await shipper.run() }
        await Task.yield()
        running.cancel()
        await running.value
        #expect(store.batches.isEmpty)
        try await shipper.drain()
        #expect(store.ids.count == 1)
    }

    @Test func damageInALiveSegmentDoesNotCostWhatIsWrittenLater() async throws {
        var numbers = SeededGenerator(seed: 7)
        let folder = try JournalFolder()
        let journal = try folder.open()
        let store = RecordingStore()
        let shipper = journal.shipper(to: store)
        let writer = journal.makeWriter()
        try writer.write(numbers.plainRecord(), numbers.plainRecord())
        var bytes = try folder.bytes()
        bytes[2] ^= 1
        try folder.setBytes(bytes)
        try await shipper.drain()
        #expect(store.ids.isEmpty && journal.statistics.tornFrames == 1)
        let later = numbers.plainRecords(2)
        for record in later {
            try writer.write(record)
            try await shipper.drain()
        }
        #expect(store.records == later)
        #expect(journal.statistics.pendingBytes == 0)
        #expect(try folder.damagedFiles.count == 1)
    }

    @Test func aSegmentCutByOthersDoesNotHoldUpTheRest() async throws {
        var numbers = SeededGenerator(seed: 8)
        let folder = try JournalFolder()
        let journal = try folder.open()
        let writers = [journal.makeWriter(), journal.makeWriter()]
        try writers[0].write(numbers.plainRecord(), numbers.plainRecord())
        try folder.setBytes([])
        let record = numbers.plainRecord()
        try writers[1].write(record)
        let store = RecordingStore()
        try await journal.shipper(to: store).drain()
        #expect(store.records == [record])
        #expect(journal.statistics.tornFrames == 1 && journal.statistics.pendingBytes == 0)
    }

    @Test func aSegmentRemovedByOthersIsStillShipped() async throws {
        var numbers = SeededGenerator(seed: 9)
        let record = numbers.plainRecord()
        let folder = try JournalFolder()
        let journal = try folder.open()
        try journal.makeWriter().write(record)
        for name in try folder.segments { try FileManager.default.removeItem(atPath: folder.path + "/" + name) }
        let store = RecordingStore()
        try await journal.shipper(to: store).drain()
        #expect(store.records == [record])
    }

    @Test func aLeftSegmentThatCannotBeReadIsReportedAndDoesNotHoldUpTheRest() async throws {
        var numbers = SeededGenerator(seed: 10)
        let old = numbers.plainRecord()
        let new = numbers.plainRecord()
        let folder = try JournalFolder(leaving: [old])
        let journal = try folder.open()
        let path = try folder.path + "/" + #require(folder.segments.first)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        try journal.makeWriter().write(new)
        let store = RecordingStore()
        let shipper = journal.shipper(to: store)
        await #expect(throws: StoreError.self) { try await shipper.drain() }
        #expect(store.records == [new])
        try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        try await shipper.drain()
        #expect(store.records == [new, old])
    }
}
