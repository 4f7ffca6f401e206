import FoundationEssentials
import Metering

/// Writes values one after another into bytes that are known to be enough.
struct RecordWriter {
    let bytes: UnsafeMutableRawBufferPointer
    /// Where the next value goes.
    private(set) var at: Int

    init(bytes: UnsafeMutableRawBufferPointer, at: Int) {
        self.bytes = bytes
        self.at = at
    }

    mutating func byte(_ value: UInt8) {
        bytes[at] = value
        at += 1
    }

    mutating func integer(_ value: Int64) {
        bytes.storeBytes(of: value.littleEndian, toByteOffset: at, as: Int64.self)
        at += 8
    }

    mutating func identifier(_ value: UUID) {
        bytes.storeBytes(of: value.uuid, toByteOffset: at, as: uuid_t.self)
        at += 16
    }

    /// A length (UInt16) and that much UTF-8, cut to whole characters within `limit` bytes.
    mutating func text(_ value: String, limit: Int = RecordCoding.maximumNameBytes) {
        var value = value
        at += value.withUTF8 { utf8 in
            var length = min(utf8.count, limit)
            while length < utf8.count, length > 0, utf8[length] & 0xC0 == 0x80 { length -= 1 }
            bytes.storeBytes(of: UInt16(truncatingIfNeeded: length).littleEndian, toByteOffset: at, as: UInt16.self)
            UnsafeMutableRawBufferPointer(rebasing: bytes[(at + 2)...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(utf8)[..<length]))
            return 2 + length
        }
    }

    mutating func optionalText(_ value: String?, limit: Int = RecordCoding.maximumNameBytes) {
        byte(value == nil ? 0 : 1)
        if let value { text(value, limit: limit) }
    }

    mutating func usage(_ value: TokenUsage) {
        integer(value.uncachedInput)
        integer(value.cacheRead)
        integer(value.cacheWrite5m)
        integer(value.cacheWrite1h)
        integer(value.visibleOutput)
        integer(value.reasoning)
        integer(value.audio)
        integer(value.image)
    }
}

/// Takes values one after another; nil once the bytes do not hold what is asked.
struct RecordReader {
    /// An optional text that was read: there is no telling nil from "could not be read" by one `nil`.
    struct OptionalText {
        var text: String?
    }

    let bytes: UnsafeRawBufferPointer
    private var at = 0
    /// More was asked than there is.
    private(set) var ranOut = false

    init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { at == bytes.count }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard bytes.count - at >= count else {
            ranOut = true
            return nil
        }
        defer { at += count }
        return UnsafeRawBufferPointer(rebasing: bytes[at..<(at + count)])
    }

    mutating func byte() -> UInt8? { take(1)?.first }

    mutating func integer() -> Int64? {
        take(8).map { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
    }

    mutating func identifier() -> UUID? {
        take(16).map { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    mutating func text() -> String? {
        guard let length = take(2).map({ UInt16(littleEndian: $0.loadUnaligned(as: UInt16.self)) }),
            let utf8 = take(Int(length))
        else { return nil }
        return String(decoding: utf8, as: UTF8.self)
    }

    mutating func optionalText() -> OptionalText? {
        switch byte() {
        case 0: OptionalText(text: nil)
        case 1: text().map { OptionalText(text: $0) }
        default: nil
        }
    }

    mutating func usage() -> TokenUsage? {
        guard let values = take(64) else { return nil }
        func value(_ index: Int) -> Int64 {
            Int64(littleEndian: values.loadUnaligned(fromByteOffset: index * 8, as: Int64.self))
        }
        var usage = TokenUsage()
        usage.uncachedInput = value(0)
        usage.cacheRead = value(1)
        usage.cacheWrite5m = value(2)
        usage.cacheWrite1h = value(3)
        usage.visibleOutput = value(4)
        usage.reasoning = value(5)
        usage.audio = value(6)
        usage.image = value(7)
        return usage
    }
}
