/// What one prompt found in the cache and what it will leave there. The parts add up to the prompt's tokens.
package struct CacheReading: Sendable, Equatable {
    /// Tokens taken from the cache.
    package var read = 0
    /// Tokens written with a life of five minutes, by a marker.
    package var writtenFiveMinutes = 0
    /// Tokens written with a life of one hour, by a marker.
    package var writtenOneHour = 0
    /// Tokens of the whole prompt.
    package var total = 0

    /// Tokens that were neither read nor written.
    package var uncached: Int { total - read - written }
    /// Tokens written by markers of either life; automatic rules write without counting it.
    package var written: Int { writtenFiveMinutes + writtenOneHour }

    /// What ``CacheBook/store(_:at:)`` puts into the book.
    var entries: [CacheBook.NewEntry] = []
}
