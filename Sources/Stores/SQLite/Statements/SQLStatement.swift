import FoundationEssentials
import GRDB
import GRDBSQLite

/// A prepared statement of one connection, kept by the connection for the next use of the same text.
///
/// It speaks to SQLite itself, for two reasons: GRDB binds and reads texts as C strings, which end at their first NUL,
/// and its row layer costs more than the insert of a row does. Use only within the `Database` access it was made in.
/// Parameters and columns are numbered as SQLite does: parameters from 1, columns from 0.
struct SQLStatement {
    private let owner: Statement
    private let handle: OpaquePointer
    private let connection: OpaquePointer

    /// - Parameter sql: one statement, made of the program's own constants alone.
    init(_ sql: String, in database: Database) throws {
        owner = try database.cachedStatement(sql: sql)
        handle = owner.sqliteStatement
        guard let open = sqlite3_db_handle(handle) else {
            throw SQLFailure(code: SQLITE_MISUSE, message: "the connection is closed")
        }
        connection = open
        clear()
    }

    // MARK: Parameters

    func bind(_ value: Int64, at index: Int32) throws {
        try check(sqlite3_bind_int64(handle, index, value))
    }

    func bind(_ value: Int64?, at index: Int32) throws {
        if let value { try bind(value, at: index) } else { try check(sqlite3_bind_null(handle, index)) }
    }

    func bind(_ value: Int, at index: Int32) throws { try bind(Int64(value), at: index) }

    func bind(_ value: Bool, at index: Int32) throws { try bind(value ? 1 : 0 as Int64, at: index) }

    func bind(_ text: String, at index: Int32) throws {
        var text = text
        try check(
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    guard let start = characters.baseAddress else {
                        return sqlite3_bind_text(handle, index, "", 0, Self.copied)
                    }
                    return sqlite3_bind_text64(
                        handle, index, start, UInt64(characters.count), Self.copied, UInt8(SQLITE_UTF8))
                }
            })
    }

    func bind(_ text: String?, at index: Int32) throws {
        if let text { try bind(text, at: index) } else { try check(sqlite3_bind_null(handle, index)) }
    }

    /// As 36 lower-case characters.
    func bind(_ id: UUID, at index: Int32) throws {
        try check(
            withUnsafeTemporaryAllocation(byteCount: UUIDText.length, alignment: 1) { characters in
                UUIDText.write(id, to: characters)
                return sqlite3_bind_text(
                    handle, index, characters.assumingMemoryBound(to: CChar.self).baseAddress, Int32(UUIDText.length),
                    Self.copied)
            })
    }

    func bind(_ id: UUID?, at index: Int32) throws {
        if let id { try bind(id, at: index) } else { try check(sqlite3_bind_null(handle, index)) }
    }

    /// A text that stays where it is until the statement is bound anew or `clear` is called.
    func bind(inPlace text: UnsafeRawBufferPointer?, at index: Int32) throws {
        guard let text, let start = text.baseAddress else { throw SQLFailure(code: SQLITE_NOMEM, message: "no room") }
        try check(
            sqlite3_bind_text64(
                handle, index, start.assumingMemoryBound(to: CChar.self), UInt64(text.count), nil, UInt8(SQLITE_UTF8)))
    }

    /// Every parameter becomes null.
    func clear() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    // MARK: Steps

    /// Goes to the next row; false: there is none, and the statement is ready to be bound anew.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        case let code:
            let failure = failure(code)
            sqlite3_reset(handle)
            throw failure
        }
    }

    /// Runs a statement that answers no rows; the number of rows it changed.
    @discardableResult
    func run() throws -> Int {
        while try step() {}
        return Int(sqlite3_changes(connection))
    }

    /// Every row, read by `read`.
    func all<Value>(_ read: (SQLStatement) throws -> Value) throws -> [Value] {
        defer { sqlite3_reset(handle) }
        var values: [Value] = []
        while try step() { values.append(try read(self)) }
        return values
    }

    /// The first row, read by `read`; nil: there is none.
    func first<Value>(_ read: (SQLStatement) throws -> Value) throws -> Value? {
        defer { sqlite3_reset(handle) }
        return try step() ? try read(self) : nil
    }

    // MARK: Columns

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    func text(_ column: Int32) -> String {
        // The text first, for asking for it may change its length.
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func id(_ column: Int32) throws -> UUID {
        guard let id = UUID(uuidString: text(column)) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "a stored id is not a UUID")
        }
        return id
    }

    // MARK: Failures

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func failure(_ code: Int32) -> SQLFailure {
        SQLFailure(code: code, message: String(cString: sqlite3_errmsg(connection)))
    }

    /// SQLITE_TRANSIENT, a macro Swift does not see: SQLite copies the bytes.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

extension Database {
    func statement(_ sql: String) throws -> SQLStatement { try SQLStatement(sql, in: self) }
}
