/// A model's name to be compared: in lower case, full stops as hyphens (`claude-opus-4.8` is `claude-opus-4-8`).
struct ModelName {
    private let bytes: [UInt8]

    init(_ name: String) {
        bytes = name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "."): UInt8(ascii: "-")
            default: byte
            }
        }
    }

    /// - Parameter part: in lower case, not empty.
    func contains(_ part: StaticString) -> Bool {
        part.withUTF8Buffer { part in
            guard let first = part.first, bytes.count >= part.count else { return false }
            return (0...(bytes.count - part.count)).contains(where: { start in
                bytes[start] == first && bytes[start...].starts(with: part)
            })
        }
    }
}
