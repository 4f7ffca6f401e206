/// What SQLite answered instead of doing what was asked.
struct SQLFailure: Error, Equatable, CustomStringConvertible {
    /// SQLite's extended result code.
    var code: Int32
    var message: String

    var description: String { "SQLite error \(code): \(message)" }
}
