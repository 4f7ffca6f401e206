import NIOCore

/// Texts of the system prompt that stand at the end of the prompt now. Each request's are its own: what precedes them is read
/// from a vendor's cache again, they are not.
struct MovedTexts: Sendable, Equatable {
    enum Place: Sendable, Equatable {
        /// Inside the last user's text, which is one text: behind an empty line, unless the text is empty.
        case text
        /// A part of its own in the last user's message.
        case part
        /// A message of its own.
        case message
    }

    let place: Place
    /// Where in the client's body they are put in.
    let offset: Int
    /// As they stand between quotes.
    let text: ByteBuffer
}

/// A text in the system prompt that will be another one in the next request: whatever stands behind it is never read from a
/// vendor's cache.
///
/// Found by its look alone: a date that is part of an example counts too.
package struct VolatileText: Sendable, Equatable {
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// `2026-11-21`, `Nov 21, 2026`, `21 November 2026`, `11/21/2026`, `2026年11月21日`, `11月21日`, with the time of day
        /// where one follows.
        case date
        /// `11:23:58`, `11:23 PM`, `11时23分`, `11時23分58秒`.
        case time
        /// Seconds or milliseconds since 1970, in 2001 to 2100.
        case epoch
        case uuid
        /// `request #123`, `turn: 7`, `Session ID: a1b2`.
        case counter
    }

    /// Of one prompt so many are told at most: what holds more is full of dates. Nothing of it is moved then, and what stands
    /// behind the last one told is not searched.
    package static let maximumCount = 64

    package var kind: Kind
    /// In the client's body, escapes as written.
    package var span: Range<Int>
    /// It stands behind the last turn now: what precedes it no longer changes with it.
    package var isMoved: Bool

    package init(kind: Kind, span: Range<Int>, isMoved: Bool = false) {
        self.kind = kind
        self.span = span
        self.isMoved = isMoved
    }
}

/// Kinds of volatile text, those that were moved apart from those that were left.
package struct VolatileKinds: Sendable, Equatable {
    private var bits: UInt16 = 0

    package init() {}

    package var isEmpty: Bool { bits == 0 }

    mutating func insert(_ kind: VolatileText.Kind, isMoved: Bool) { bits |= Self.bit(kind, isMoved) }

    package func contains(_ kind: VolatileText.Kind, isMoved: Bool) -> Bool { bits & Self.bit(kind, isMoved) != 0 }

    private static func bit(_ kind: VolatileText.Kind, _ isMoved: Bool) -> UInt16 {
        1 << (2 * UInt16(kind.rawValue) + (isMoved ? 1 : 0))
    }
}

extension VolatileText.Kind {
    /// As people and dashboards read it.
    package var name: String {
        switch self {
        case .date: "date"
        case .time: "time"
        case .epoch: "epoch"
        case .uuid: "uuid"
        case .counter: "counter"
        }
    }
}
