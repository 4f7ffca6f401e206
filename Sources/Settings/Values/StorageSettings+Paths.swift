extension StorageSettings {
    /// The database file of a `sqlite:` URL; nil for another kind of store.
    package var sqlitePath: String? {
        url.hasPrefix("sqlite:") ? String(url.dropFirst("sqlite:".count)) : nil
    }

    /// The journal's directory: as written, or `<database file>.journal.d`; nil where nothing names one.
    package var journalPath: String? {
        journal ?? sqlitePath.map { "\($0).journal.d" }
    }
}
