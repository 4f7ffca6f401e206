/// What opening or migrating a database can fail with.
package enum SQLiteStoreError: Error, Equatable, CustomStringConvertible {
    /// The file or its folder cannot be used.
    case cannotOpen(path: String, reason: String)
    /// A newer program has changed this database; this one would damage it.
    case newerSchema(found: Int, known: Int)
    /// A step of the schema failed; the database is as it was before that step.
    case migrationFailed(version: Int, reason: String)
    /// The schema's version cannot be read.
    case unreadable(reason: String)

    package var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "The database \(path) cannot be opened: \(reason)."
        case .newerSchema(let found, let known):
            "The database has schema version \(found), this program knows versions up to \(known). Use a newer program."
        case .migrationFailed(let version, let reason):
            "Schema version \(version) could not be put in place or taken back: \(reason)."
        case .unreadable(let reason):
            "The database's schema version cannot be read: \(reason)."
        }
    }
}
