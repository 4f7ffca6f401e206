import FoundationEssentials
import Glibc
import Metering
import Testing

@testable import Stores

@Suite struct JournalTests {
    @Test func aSecondOwnerIsRefusedUntilTheFirstIsGone() throws {
        let folder = try JournalFolder()
        var first: Journal? = try folder.open()
        let error = #expect(throws: JournalOpenError.self) { try folder.open() }
        #expect(error == .locked(path: folder.path))
        #expect(error?.description.contains(folder.path) == true)
        withExtendedLifetime(first) {}
        first = nil
        _ = try folder.open()
    }

    @Test func aWriterKeepsTheJournal() throws {
        let folder = try JournalFolder()
        let writer = try folder.open().makeWriter()
        #expect(throws: JournalOpenError.locked(path: folder.path)) { try folder.open() }
        withExtendedLifetime(writer) {}
    }

    @Test func missingFoldersAreMadeAndAllIsTheOwnersAlone() throws {
        var numbers = SeededGenerator(seed: 1)
        let folder = try JournalFolder()
        let path = folder.path + "/a/b"
        let journal = try Journal(directory: path, configuration: JournalConfiguration(), logger: JournalFolder.silent)
        try journal.makeWriter().write(numbers.plainRecord())
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(names.count == 2 && names.last == "lock")
        for name in names { #expect(try mode(path + "/" + name) == 0o600, "\(name)") }
        #expect(try mode(path) == 0o700)
        #expect(try mode(folder.path + "/a") == 0o700)
    }

    private func mode(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
    }

    @Test(arguments: ["/dev/null/journal", "/proc/journal", "/dev/null"])
    func aFolderThatCannotBeMadeIsNamed(path: String) {
        let error = #expect(throws: JournalOpenError.self) {
            try Journal(directory: path, configuration: JournalConfiguration(), logger: JournalFolder.silent)
        }
        #expect(error?.description.contains(path) == true)
    }

    @Test func aSegmentThatCannotBeReadStopsTheStartAndFreesTheLock() throws {
        let folder = try JournalFolder()
        let path = folder.path + "/1.segment"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/nowhere")
        #expect(throws: JournalOpenError.failed(path: path, operation: "read", errno: ENOENT)) { try folder.open() }
        unlink(path)
        _ = try folder.open()
    }

    @Test func segmentsAreRotatedAndGoWhenTheyAreInTheStore() async throws {
        var numbers = SeededGenerator(seed: 2)
        let records = numbers.plainRecords(100)
        let folder = try JournalFolder()
        let journal = try folder.open(segmentBytes: 2_000)
        var writer: (any JournalWriter)? = journal.makeWriter()
        for record in records { try writer?.write(record) }
        let files = try folder.segments
        #expect((15...30).contains(files.count))
        #expect(journal.statistics.segments == files.count)
        for name in files.dropLast() {
            let bytes = try Data(contentsOf: URL(filePath: folder.path + "/" + name)).count
            #expect((2_000..<2_000 + records[0].frame.count).contains(bytes))
        }
        let store = RecordingStore()
        let shipper = journal.shipper(to: store)
        try await shipper.drain()
        #expect(store.records == records)
        #expect(journal.statistics.segments == (try folder.segments.count))
        #expect(try folder.segments.count <= 1)

        writer = nil
        try await shipper.drain()
        #expect(try folder.segments.isEmpty)
        #expect(journal.statistics == JournalStatistics())
        #expect(store.repeats == 0)
    }

    @Test func segmentsAreListedOldestFirst() async throws {
        var numbers = SeededGenerator(seed: 3)
        let records = numbers.plainRecords(12)
        let folder = try JournalFolder()
        do {
            let journal = try folder.open(segmentBytes: 1)
            let writers = [journal.makeWriter(), journal.makeWriter()]
            for (index, record) in records.enumerated() { try writers[index % 2].write(record) }
        }
        #expect(try folder.segments.count == 12)
        let store = RecordingStore()
        try await folder.recover(into: store)
        #expect(store.records == records)
    }

    @Test func writersThatTakeTurnsKeepTheirOwnOrder() async throws {
        var numbers = SeededGenerator(seed: 4)
        let journal = try JournalFolder().open(segmentBytes: 3_000)
        let writers = (0..<4).map { _ in journal.makeWriter() }
        var expected = [[UUID]](repeating: [], count: 4)
        let store = RecordingStore()
        let shipper = journal.shipper(to: store, batchSize: 5)
        for round in 0..<400 {
            let loop = Int(numbers.next() % 4)
            let record = numbers.plainRecord()
            expected[loop].append(record.id)
            writers[loop].append(record)
            if numbers.next() % 3 == 0 { try writers[loop].flush() }
            if round % 50 == 49 { try await shipper.drain() }
        }
        for writer in writers { try writer.flush() }
        try await shipper.drain()
        for ids in expected {
            let own = Set(ids)
            #expect(store.ids.filter(own.contains) == ids)
        }
        #expect(store.ids.count == 400 && store.repeats == 0)
    }
}
