/// One numbered step of the schema, both ways.
struct Migration: Sendable {
    /// From 1 on, without gaps.
    var version: Int
    var name: String
    /// SQL statements, each ended by a semicolon.
    var up: String
    /// Takes back exactly what `up` made.
    var down: String

    /// All of them, in order.
    static let all: [Migration] = [identity, usage, money, caching]
}
