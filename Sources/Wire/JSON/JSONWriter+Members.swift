package import NIOCore

/// A key and its value at once.
extension JSONWriter {
    package mutating func member(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    /// `null` where there is no value.
    package mutating func member(_ name: StaticString, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ value: Int) {
        key(name)
        integer(value)
    }

    package mutating func member(_ name: StaticString, _ value: Int64) {
        key(name)
        integer(value)
    }

    package mutating func member(_ name: StaticString, _ value: some FixedWidthInteger) {
        key(name)
        integer(value)
    }

    package mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// The value is spliced as it is: it must be one JSON value.
    package mutating func member(_ name: StaticString, raw json: ByteBuffer) {
        key(name)
        raw(json)
    }

    /// The value is spliced as it is: it must be one JSON value.
    package mutating func member(_ name: StaticString, raw json: StaticString) {
        key(name)
        raw(json)
    }

    /// An object whose members `body` writes.
    package mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    /// An array whose elements `body` writes.
    package mutating func array(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        array(body)
    }
}
