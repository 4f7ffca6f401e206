import FoundationEssentials
import NIOCore
import NIOHPACK

/// Fields as HPACK pairs.
struct HTTP2FieldSink: FieldSink {
    var headers: HPACKHeaders

    mutating func text(_ name: StaticString, _ value: String) {
        var safe = ByteBuffer()
        HeaderText.writeValue(value, to: &safe)
        headers.add(name: name.text, value: String(buffer: safe))
    }

    mutating func number(_ name: StaticString, _ value: Int) {
        headers.add(name: name.text, value: String(value))
    }

    mutating func identifier(_ name: StaticString, _ value: UUID) {
        headers.add(name: name.text, value: value.uuidString.lowercased())
    }

    mutating func hash(_ name: StaticString, _ value: UInt64) {
        var digits = ByteBuffer()
        HeaderText.writeHexadecimal(value, to: &digits)
        headers.add(name: name.text, value: String(buffer: digits))
    }
}

extension StaticString {
    fileprivate var text: String { withUTF8Buffer { String(decoding: $0, as: UTF8.self) } }
}
