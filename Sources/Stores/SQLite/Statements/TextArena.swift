import FoundationEssentials

/// The texts of one row, where SQLite can read them without a copy of its own for each; used anew for the next row.
///
/// What a text was given stays in its place until `begin`. On one thread at a time.
final class TextArena {
    private var bytes: UnsafeMutableRawPointer
    private var capacity: Int
    private var used = 0

    init() {
        capacity = 4_096
        bytes = .allocate(byteCount: capacity, alignment: 1)
    }

    deinit { bytes.deallocate() }

    /// Forgets the texts before and makes room for `count` bytes.
    func begin(room count: Int) {
        used = 0
        guard count > capacity else { return }
        bytes.deallocate()
        bytes = .allocate(byteCount: count, alignment: 1)
        capacity = count
    }

    /// nil: there is no room for it.
    func add(_ text: String) -> UnsafeRawBufferPointer? {
        var text = text
        return text.withUTF8 { source in
            guard source.count <= capacity - used else { return nil }
            let place = UnsafeMutableRawBufferPointer(start: bytes + used, count: source.count)
            place.copyMemory(from: UnsafeRawBufferPointer(source))
            used += source.count
            return UnsafeRawBufferPointer(place)
        }
    }

    /// As 36 lower-case characters; nil: there is no room for it.
    func add(_ id: UUID) -> UnsafeRawBufferPointer? {
        guard UUIDText.length <= capacity - used else { return nil }
        let place = UnsafeMutableRawBufferPointer(start: bytes + used, count: UUIDText.length)
        UUIDText.write(id, to: place)
        used += UUIDText.length
        return UnsafeRawBufferPointer(place)
    }
}
