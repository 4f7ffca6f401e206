import Foundation
import Logging
import Metering
import Settings
import Stores

/// Why the store cannot be opened, where no library's error says it.
enum StorageError: Error, CustomStringConvertible {
    case notBuilt(url: String)

    var description: String {
        switch self {
        case .notBuilt: "storage.url must be 'sqlite:PATH': no other store is built yet."
        }
    }
}

/// The main store, the journal before it, and the shipper between them.
struct Storage: Sendable {
    let store: SQLiteStore
    let journal: Journal
    let shipper: Shipper

    /// Opens and migrates the store, takes the journal's lock, and posts what an earlier process left in the journal.
    static func open(_ configuration: Configuration, logger: Logger) async throws -> Storage {
        guard let path = configuration.storage.sqlitePath, let journalPath = configuration.storage.journalPath else {
            throw StorageError.notBuilt(url: configuration.storage.url)
        }
        let store = try SQLiteStore.open(path: path)
        try store.migrate()
        let journal = try Journal(
            directory: journalPath, configuration: JournalConfiguration(), logger: logger)
        let shipper = Shipper(
            journal: journal, store: store, batchSize: configuration.usage.batchSize,
            flushInterval: configuration.usage.flushInterval, logger: logger)
        try await shipper.recover()
        return Storage(store: store, journal: journal, shipper: shipper)
    }

    /// Puts the known models' prices into an empty price table.
    func seedPrices() async throws {
        guard try await store.prices().isEmpty else { return }
        for entry in PriceBook.seeds { try await store.putPrice(entry) }
    }

    /// To be called when the shipper has ended.
    func close() {
        journal.removeIfEmpty()
        store.close()
    }

    /// `durability: sync`: everything written so far is on the disk and in the main store.
    static func commit(_ shipper: Shipper) async -> Bool {
        do {
            try await shipper.commit()
            return true
        } catch {
            return false
        }
    }
}
