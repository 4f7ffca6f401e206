import Glibc
import NIOCore
import Wire

/// Lists of tools that were spelled before, of one event loop: clients send the same list with every request of a
/// conversation, and an agent's has tens of kilobytes. A known list costs its hash and a comparison, byte by byte.
package struct ToolMemory: Sendable {
    /// What a list's spelling depends on besides its bytes.
    struct Style: Equatable, Sendable {
        var form: RequestForm
        var tools: ToolOutline.Style
        /// The client's cache marks stay.
        var keepsMarks: Bool
    }

    private struct Entry: Sendable {
        var style: Style
        /// The client's list.
        var list: ByteBuffer
        /// Spans count from the list's first byte; nil: it stands as it is to be sent.
        var spelled: SpelledTools?

        func isOf(_ other: UnsafeRawBufferPointer) -> Bool {
            list.withUnsafeReadableBytes { list in
                guard list.count == other.count, let one = list.baseAddress, let two = other.baseAddress else { return false }
                return memcmp(one, two, list.count) == 0
            }
        }

        var byteCount: Int {
            list.readableBytes &+ (spelled.map { $0.text.readableBytes &+ $0.markedText.readableBytes } ?? 0)
        }
    }

    private static let slotCount = 64

    private let maximumBytes: Int
    private(set) var byteCount = 0
    /// Each list has one place, by its hash: a newer one takes it.
    private var slots: [Entry?] = []

    /// - Parameter maximumBytes: what lists and their spellings may hold together; a list that takes over an eighth of it is
    ///   not remembered. 0: nothing is.
    package init(maximumBytes: Int = 2_097_152) {
        self.maximumBytes = maximumBytes
    }

    /// - Parameter span: the list's place in `bytes`.
    /// - Returns: nil: it is not known; the inner one as of `ToolSpelling.respelled`.
    func spelling(of span: Range<Int>, in bytes: UnsafeRawBufferPointer, _ style: Style) -> SpelledTools?? {
        guard !slots.isEmpty, span.upperBound <= bytes.count else { return nil }
        let list = UnsafeRawBufferPointer(rebasing: bytes[span])
        guard let entry = slots[Self.slot(of: list)], entry.style == style, entry.isOf(list) else { return nil }
        return .some(entry.spelled?.moved(by: span.lowerBound))
    }

    mutating func remember(
        _ spelled: SpelledTools?, of span: Range<Int>, in bytes: UnsafeRawBufferPointer, _ style: Style
    ) {
        guard span.upperBound <= bytes.count, span.count <= maximumBytes / 8 else { return }
        let list = UnsafeRawBufferPointer(rebasing: bytes[span])
        let entry = Entry(style: style, list: ByteBuffer(bytes: list), spelled: spelled?.moved(by: -span.lowerBound))
        guard entry.byteCount <= maximumBytes / 8 else { return }
        if slots.isEmpty { slots = Array(repeating: nil, count: Self.slotCount) }
        let slot = Self.slot(of: list)
        byteCount &-= slots[slot]?.byteCount ?? 0
        slots[slot] = nil
        if byteCount &+ entry.byteCount > maximumBytes {
            slots = Array(repeating: nil, count: Self.slotCount)
            byteCount = 0
        }
        slots[slot] = entry
        byteCount &+= entry.byteCount
    }

    private static func slot(of list: UnsafeRawBufferPointer) -> Int {
        Int(truncatingIfNeeded: StableHash.hash(list, seed: 0x746F_6F6C_7300) & UInt64(slotCount - 1))
    }
}

extension SpelledTools {
    /// The same for a list that stands `distance` bytes further on.
    fileprivate func moved(by distance: Int) -> SpelledTools {
        var moved = self
        moved.span = (span.lowerBound &+ distance)..<(span.upperBound &+ distance)
        moved.lastTool = lastTool.map { ($0.lowerBound &+ distance)..<($0.upperBound &+ distance) }
        return moved
    }
}
