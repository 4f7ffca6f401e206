import Synchronization

/// Where every value of one JSON text stands, made in a single pass and without copying any of it.
///
/// The index holds offsets only: every reading takes the bytes that were indexed. Given other bytes it answers nonsense, but
/// never reads outside them. Keep one per connection or event loop and `read` into it again and again: its memory stays.
/// A copy is a value of its own; the memory is shared until one of the copies reads. Before the first read and after a
/// failed one it is empty: `count` is 0 and every question is answered with nil or an absent node.
///
/// Accepts RFC 8259 to the letter: no byte order mark, no comment, no trailing comma; strings must be UTF-8; a lone
/// surrogate may be written as an escape. Duplicate keys are accepted, see `firstDuplicateKey`.
package struct JSONIndex: @unchecked Sendable {  // Storage is written only when uniquely referenced.
    private static let readings = Atomic<UInt64>(0)

    private var storage: JSONNodeStorage
    /// Which reading the nodes are of: no two successful readings in a process have the same; 0: none. Who keeps it can
    /// tell later whether the index still holds the text it was.
    package private(set) var reading: UInt64 = 0
    package var limits: JSONLimits

    package init(limits: JSONLimits = .init()) {
        storage = JSONNodeStorage()
        self.limits = limits
    }

    /// Indexes `bytes`, the whole of which must be one JSON value, in place of what was indexed before.
    package mutating func read(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
        if !isKnownUniquelyReferenced(&storage) { storage = JSONNodeStorage() }
        storage.count = 0
        reading = 0
        guard bytes.count <= limits.maximumBytes, bytes.count < Int(UInt32.max) else { throw .tooLarge }
        guard let base = bytes.baseAddress else { throw .invalid(at: 0) }
        // Every node takes a byte at least, so a text this short does not need what is given back.
        if bytes.count <= JSONNodeStorage.retainedCapacity { storage.shrink() }
        var reader = JSONReader(base, count: bytes.count, limits: limits, storage: storage)
        storage.count = try reader.read()
        reading = Self.readings.add(1, ordering: .relaxed).newValue
    }

    /// Forgets the text, and gives back memory that only a giant one needed.
    package mutating func clear() {
        reading = 0
        guard isKnownUniquelyReferenced(&storage) else {
            storage = JSONNodeStorage()
            return
        }
        storage.count = 0
        storage.shrink()
    }

    /// Nodes, keys included. The whole text's value is node 0.
    package var count: Int { storage.count }

    /// The node at `index`; a null of no bytes for an index that does not exist.
    package subscript(_ index: Int) -> JSONNode {
        guard index >= 0, index < storage.count else { return .absent }
        return storage.nodes[index]
    }

    /// What the value is; `.null` too for an index that does not exist.
    package func kind(of index: Int) -> JSONKind { self[index].kind }

    /// Offsets of the value's bytes, quotes and brackets included; `0..<0` for an index that does not exist.
    package func span(_ index: Int) -> Range<Int> { self[index].span }

    /// The keys and values of an object in their order; nothing for any other kind.
    package func members(of object: Int) -> JSONMembers {
        JSONMembers(index: self, object: object)
    }

    /// The values of an array in their order; nothing for any other kind.
    package func elements(of array: Int) -> JSONElements {
        JSONElements(index: self, array: array)
    }

    /// How many members an object or elements an array has; 0 for any other kind. Walks them.
    package func childCount(of container: Int) -> Int {
        var total = 0
        switch kind(of: container) {
        case .object: for _ in members(of: container) { total &+= 1 }
        case .array: for _ in elements(of: container) { total &+= 1 }
        case .string, .number, .true, .false, .null: break
        }
        return total
    }

    /// In the order of the text. Valid as long as a copy of the index is held and none of its copies reads.
    package var nodes: UnsafeBufferPointer<JSONNode> { UnsafeBufferPointer(start: storage.nodes, count: storage.count) }

    @inline(__always)
    func withNodes<Result>(_ body: (UnsafeBufferPointer<JSONNode>) -> Result) -> Result {
        withExtendedLifetime(storage) { body(UnsafeBufferPointer(start: storage.nodes, count: storage.count)) }
    }

    /// Nodes that fit without growing.
    var capacity: Int { storage.capacity }

    /// The value's bytes within `bytes`; empty when they do not reach so far.
    func text(_ node: JSONNode, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let span = node.span
        guard span.upperBound <= bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: bytes[span])
    }

    /// A string's bytes between its quotes, escapes as written; nil for any other kind.
    func content(_ node: JSONNode, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard node.kind == .string else { return nil }
        let text = text(node, in: bytes)
        guard text.count >= 2 else { return nil }
        return UnsafeRawBufferPointer(rebasing: text[1..<(text.count - 1)])
    }
}
