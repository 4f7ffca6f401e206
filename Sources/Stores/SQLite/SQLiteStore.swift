import FoundationEssentials
import GRDB
import Identity
import Metering

/// The main store in one SQLite file: users, keys, prices, money and what was used.
///
/// Write-ahead logging with `synchronous=FULL`: what was committed outlives a power cut, for a journal segment is deleted
/// once its rows are here. Rows come in batches, so that is a flush or two a second. One writer at a time, readers beside it; other processes are waited for up to five seconds. Every port's errors are
/// `unavailable` with SQLite's text where no other is named.
package final class SQLiteStore: Sendable {
    private let pool: DatabasePool
    private let temporaryFolder: String?
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    private init(pool: DatabasePool, temporaryFolder: String?, now: @escaping @Sendable () -> Int64) {
        self.pool = pool
        self.temporaryFolder = temporaryFolder
        self.now = now
    }

    deinit {
        if let temporaryFolder { try? FileManager.default.removeItem(atPath: temporaryFolder) }
    }

    /// Opens the file, and makes it and its folder where they are missing, for their owner alone. The schema is as found:
    /// `migrate` comes next.
    ///
    /// - Throws: `cannotOpen`
    package static func open(path: String) throws(SQLiteStoreError) -> SQLiteStore {
        try open(path: path, temporaryFolder: nil, now: systemSeconds)
    }

    /// As `open(path:)`, with the clock that decides which keys have expired and which prices are in force.
    package static func open(
        path: String, now: @escaping @Sendable () -> Int64
    ) throws(SQLiteStoreError) -> SQLiteStore {
        try open(path: path, temporaryFolder: nil, now: now)
    }

    /// A migrated store in a folder of its own, which goes with the store. For tests.
    package static func temporary(now: (@Sendable () -> Int64)? = nil) throws(SQLiteStoreError) -> SQLiteStore {
        let folder = FileManager.default.temporaryDirectory.path + "/tokenrouter-" + UUIDText.text(UUID())
        let store = try open(path: folder + "/store.db", temporaryFolder: folder, now: now ?? systemSeconds)
        try store.migrate()
        return store
    }

    /// Ends every connection; whatever is asked afterwards is `unavailable`.
    package func close() {
        // A reader may still be at work; its connection then ends with it.
        try? pool.close()
    }

    /// Room for the pages a day's inserts go to, so that they are not read anew for each batch.
    private static let cacheKibibytes = 32_768
    /// 32 MiB of log: pages that many batches change are written into the file once for all of them.
    private static let pagesBetweenCheckpoints = 8_000

    private static let systemSeconds: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

    private static func open(
        path: String, temporaryFolder: String?, now: @escaping @Sendable () -> Int64
    ) throws(SQLiteStoreError) -> SQLiteStore {
        do {
            try makeFile(path)
            var configuration = GRDB.Configuration()
            configuration.label = "tokenrouter.store"
            configuration.foreignKeysEnabled = true
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA cache_size = -\(cacheKibibytes)")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = \(pagesBetweenCheckpoints)")
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            return SQLiteStore(pool: pool, temporaryFolder: temporaryFolder, now: now)
        } catch {
            throw .cannotOpen(path: path, reason: "\(error)")
        }
    }

    private static func makeFile(_ path: String) throws {
        let files = FileManager.default
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try files.createDirectory(
                atPath: String(path[..<slash]), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        if !files.fileExists(atPath: path) {
            // SQLite gives the files beside it the same permissions.
            _ = files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
    }
}

// MARK: Access, with every error brought to the ports' two kinds

extension SQLiteStore {
    /// One transaction that sees the newest data and may change it; an error takes everything back.
    func changing<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await pool.write(body) } catch { throw Self.storeError(error) }
    }

    /// One transaction that only reads, beside the writer.
    func reading<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await pool.read(body) } catch { throw Self.storeError(error) }
    }

    func changingDirectory<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(DirectoryError) -> Value {
        do { return try await pool.write(body) } catch { throw Self.directoryError(error) }
    }

    func readingDirectory<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(DirectoryError) -> Value {
        do { return try await pool.read(body) } catch { throw Self.directoryError(error) }
    }

    /// For the schema, before anything else is under way.
    func changingAtOnce<Value>(_ body: (Database) throws -> Value) throws -> Value { try pool.write(body) }

    func readingAtOnce<Value>(_ body: (Database) throws -> Value) throws -> Value { try pool.read(body) }

    private static func storeError(_ error: any Error) -> StoreError {
        error as? StoreError ?? .unavailable("\(error)")
    }

    private static func directoryError(_ error: any Error) -> DirectoryError {
        error as? DirectoryError ?? .unavailable("\(error)")
    }
}
