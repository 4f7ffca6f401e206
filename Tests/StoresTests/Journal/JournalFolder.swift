import FoundationEssentials
import Glibc
import Logging
import Metering

@testable import Stores

/// A folder for one journal, gone with the value and the journals opened in it.
final class JournalFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/journal-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// What the next process finds after one that wrote these records, each with a flush of its own, was killed.
    convenience init(leaving records: [UsageRecord]) throws {
        try self.init()
        let writer = try open().makeWriter()
        for record in records { try writer.write(record) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// What another process would find if this one were killed now.
    func copy() throws -> JournalFolder {
        let copy = try JournalFolder()
        for name in try names() {
            try Data(contentsOf: URL(filePath: path + "/" + name)).write(to: URL(filePath: copy.path + "/" + name))
        }
        return copy
    }

    func open(
        segmentBytes: Int = 8 << 20, maximumPendingBytes: Int = 1 << 30, system: JournalSystem = .live
    ) throws -> Journal {
        var configuration = JournalConfiguration()
        configuration.segmentBytes = segmentBytes
        configuration.maximumPendingBytes = maximumPendingBytes
        // The journal keeps the folder.
        var kept = system
        kept.write = { [self] descriptor, bytes in
            withExtendedLifetime(self) { system.write(descriptor, bytes) }
        }
        return try Journal(directory: path, configuration: configuration, logger: Self.silent, system: kept)
    }

    /// Opens, recovers and closes; returns what there was to count.
    @discardableResult
    func recover(into store: any UsageStore, batchSize: Int = 500) async throws -> JournalStatistics {
        let journal = try open()
        try await journal.shipper(to: store, batchSize: batchSize).recover()
        return journal.statistics
    }

    func names(ending suffix: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(suffix) }.sorted()
    }

    var segments: [String] { get throws { try names(ending: Segment.suffix) } }
    var damagedFiles: [String] { get throws { try names(ending: Segment.suffix + ".damaged") } }

    /// The bytes of the oldest segment.
    func bytes() throws -> [UInt8] {
        guard let name = try segments.first else { return [] }
        return Array(try Data(contentsOf: URL(filePath: path + "/" + name)))
    }

    /// Writes over the oldest segment without making another file of it, or makes one.
    func setBytes(_ bytes: [UInt8]) throws {
        let name = try segments.first ?? "00000000000001-00000001-1.segment"
        let descriptor = Glibc.open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw JournalError.writeFailed(errno: errno) }
    }

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

extension Journal {
    func shipper(
        to store: any UsageStore, batchSize: Int = 500, flushInterval: Duration = .milliseconds(1)
    ) -> Shipper {
        Shipper(
            journal: self, store: store, batchSize: batchSize, flushInterval: flushInterval,
            logger: JournalFolder.silent)
    }
}

extension JournalWriter {
    /// Appends and flushes.
    func write(_ records: UsageRecord...) throws(JournalError) {
        for record in records { append(record) }
        try flush()
    }
}
