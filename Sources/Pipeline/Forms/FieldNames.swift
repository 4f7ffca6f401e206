/// Names of fields that a reader knows: asked with a key's bytes, so that no string is made of one that is known.
///
/// A key written with escapes is not found, and so told of as unknown.
struct FieldNames: ExpressibleByArrayLiteral, Sendable {
    private let names: [StaticString]

    init(arrayLiteral elements: StaticString...) {
        names = elements
    }

    private init(_ names: [StaticString]) {
        self.names = names
    }

    static func + (one: FieldNames, other: FieldNames) -> FieldNames {
        FieldNames(one.names + other.names)
    }

    /// - Parameter key: what stands between a key's quotes.
    func contains(_ key: UnsafeRawBufferPointer) -> Bool {
        names.contains { name in
            name.utf8CodeUnitCount == key.count && name.withUTF8Buffer { key.elementsEqual($0) }
        }
    }

    /// Whether a name is `key` in camel case: `max_output_tokens` finds `maxOutputTokens`.
    ///
    /// - Parameter key: what stands between a key's quotes.
    func containsCamelCase(_ key: UnsafeRawBufferPointer) -> Bool {
        contains(key) || (key.contains(UInt8(ascii: "_")) && names.contains { name in
            name.withUTF8Buffer { Self.isCamelCase($0, of: key) }
        })
    }

    private static func isCamelCase(_ name: UnsafeBufferPointer<UInt8>, of key: UnsafeRawBufferPointer) -> Bool {
        var place = name.startIndex
        var beginsWord = false
        for byte in key {
            if byte == UInt8(ascii: "_") {
                beginsWord = place > name.startIndex
                continue
            }
            let expected = beginsWord && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & 0xDF : byte
            guard place < name.endIndex, name[place] == expected else { return false }
            place += 1
            beginsWord = false
        }
        return place == name.endIndex
    }
}
