import FoundationEssentials

/// Ids as the store writes them: 36 lower-case characters.
enum UUIDText {
    static let length = 36

    /// - Parameter characters: room for at least `length`; less leaves it as it is.
    static func write(_ id: UUID, to characters: UnsafeMutableRawBufferPointer) {
        guard characters.count >= length else { return }
        withUnsafeBytes(of: id.uuid) { raw in
            var at = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    characters[at] = UInt8(ascii: "-")
                    at &+= 1
                }
                characters[at] = digit(raw[index] >> 4)
                characters[at &+ 1] = digit(raw[index] & 15)
                at &+= 2
            }
        }
    }

    static func text(_ id: UUID) -> String { id.uuidString.lowercased() }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &- 10 &+ value
    }
}
