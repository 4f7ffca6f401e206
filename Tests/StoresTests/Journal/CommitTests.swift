import Glibc
import Metering
import Synchronization
import Testing

@testable import Stores

/// Counts `fdatasync`, and fails one call in place of the kernel.
final class SyncCounter: Sendable {
    private let calls = Atomic<Int>(0)
    private let failing: Int

    /// - Parameter failing: the call that fails, counted from 1; 0: none.
    init(failing: Int = 0) {
        self.failing = failing
    }

    var count: Int { calls.load(ordering: .relaxed) }

    var system: JournalSystem {
        var system = JournalSystem.live
        system.synchronize = { descriptor in
            let call = self.calls.wrappingAdd(1, ordering: .relaxed).newValue
            return call == self.failing ? -1 : fdatasync(descriptor)
        }
        return system
    }
}

@Suite struct CommitTests {
    @Test func whatWasFlushedIsOnTheDiskAndInTheStore() async throws {
        let folder = try JournalFolder()
        let counter = SyncCounter()
        let journal = try folder.open(system: counter.system)
        let store = InMemoryStore()
        let shipper = journal.shipper(to: store)
        let writers = [journal.makeWriter(), journal.makeWriter()]
        try writers[0].write(Sample.record(1))
        try writers[1].write(Sample.record(2))
        try await shipper.commit()
        #expect(counter.count == 2)
        #expect(Set(await store.records.keys) == [Sample.id(1), Sample.id(2)])
        try writers[0].write(Sample.record(3))
        try await shipper.commit()
        #expect(counter.count == 3, "a segment without new bytes is not flushed again")
    }

    @Test(.timeLimit(.minutes(1)))
    func commitsThatOverlapEachWaitForTheirOwnRecords() async throws {
        let folder = try JournalFolder()
        let counter = SyncCounter()
        let journal = try folder.open(system: counter.system)
        let store = try Backend.memory.make()
        let shipper = journal.shipper(to: store)
        let rounds = (0..<30).map { round in (0..<8).map { Sample.record(UInt8(round * 8 + $0)) } }
        let writer = journal.makeWriter()
        for records in rounds {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for record in records {
                    try writer.write(record)
                    group.addTask {
                        try await shipper.commit()
                        #expect(try await store.request(id: record.id) != nil)
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(counter.count <= 30 * 8)
    }

    @Test func aFailedFlushIsNotTriedAgainAndTrusted() async throws {
        let folder = try JournalFolder()
        let counter = SyncCounter(failing: 1)
        let journal = try folder.open(system: counter.system)
        let store = InMemoryStore()
        let shipper = journal.shipper(to: store)
        let writer = journal.makeWriter()
        try writer.write(Sample.record(1))
        await #expect(throws: StoreError.self) { try await shipper.commit() }
        await #expect(throws: StoreError.self) { try await shipper.commit() }
        #expect(!writer.isWritable)
        writer.probe()
        #expect(writer.isWritable)
        try await shipper.drain()
        try writer.write(Sample.record(2))
        try await shipper.commit()
        #expect(Set(await store.records.keys) == [Sample.id(1), Sample.id(2)])
    }
}
