import FoundationEssentials
import Metering

/// Usage records as bytes, and back.
///
/// A frame is the payload's length (UInt32), its CRC-32C (UInt32) and the payload; numbers are little-endian. The payload
/// begins with its version. Reading never trusts what it reads: damaged bytes give nil, never a trap or a wrong record.
enum RecordCoding {
    static let frameHeaderBytes = 8
    /// A longer frame is damage.
    static let maximumPayloadBytes = 64 * 1024
    private static let version: UInt8 = 1
    /// A text past it is cut before it is written; the vendor's usage object is the longest.
    private static let maximumTextBytes = 8 * 1024
    private static let maximumAttempts = 64

    /// Appends the record's frame.
    static func append(_ record: UsageRecord, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: frameHeaderBytes))
        var writer = Writer(bytes: bytes)
        bytes = []
        write(record, to: &writer)
        bytes = writer.bytes
        let payloadStart = start + frameHeaderBytes
        let length = UInt32(truncatingIfNeeded: bytes.count - payloadStart)
        let checksum = bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[payloadStart...])) }
        for shift in 0..<4 {
            bytes[start + shift] = UInt8(truncatingIfNeeded: length >> UInt32(shift * 8))
            bytes[start + 4 + shift] = UInt8(truncatingIfNeeded: checksum >> UInt32(shift * 8))
        }
    }

    /// What lies at a place of a segment.
    enum Frame {
        /// The record and where the next frame begins.
        case record(UsageRecord, next: Int)
        /// The bytes end within the frame.
        case incomplete
        /// The frame's bytes are not what was written.
        case damaged
    }

    static func frame(at start: Int, in bytes: UnsafeRawBufferPointer) -> Frame {
        guard start >= 0, bytes.count - start >= frameHeaderBytes else { return .incomplete }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self))
        guard length > 0, length <= maximumPayloadBytes else { return .damaged }
        let payloadStart = start + frameHeaderBytes
        guard bytes.count - payloadStart >= length else { return .incomplete }
        let payload = UnsafeRawBufferPointer(rebasing: bytes[payloadStart..<(payloadStart + length)])
        guard CRC32C.checksum(payload) == checksum, let record = read(payload) else { return .damaged }
        return .record(record, next: payloadStart + length)
    }

    // MARK: Payload, version 1

    private static func write(_ record: UsageRecord, to writer: inout Writer) {
        writer.byte(version)
        writer.identifier(record.id)
        writer.identifier(record.userID)
        writer.identifier(record.apiKeyID)
        writer.byte(record.status.code)
        writer.byte((record.isEstimated ? 1 : 0) | (record.isStream ? 2 : 0))
        writer.integer(Int64(record.httpStatus))
        writer.integer(record.createdAtMicroseconds)
        writer.integer(record.latencyMicroseconds)
        writer.integer(record.timeToFirstTokenMicroseconds ?? -1)
        writer.integer(record.cost.units)
        writer.integer(record.vendorCost.units)
        writer.integer(Int64(bitPattern: record.prefixHash))
        writer.usage(record.usage)
        writer.text(record.model)
        writer.text(record.provider)
        writer.text(record.upstreamModel)
        writer.optionalText(record.clientRequestID)
        writer.optionalText(record.errorCode)
        writer.optionalText(record.vendorUsage)
        let attempts = record.attempts.prefix(maximumAttempts)
        writer.byte(UInt8(truncatingIfNeeded: attempts.count))
        for attempt in attempts { write(attempt, to: &writer) }
    }

    private static func write(_ attempt: AttemptRecord, to writer: inout Writer) {
        writer.text(attempt.provider)
        writer.text(attempt.upstreamModel)
        writer.text(attempt.providerKeyID)
        writer.integer(Int64(attempt.httpStatus))
        writer.integer(attempt.latencyMicroseconds)
        writer.optionalText(attempt.errorType)
        writer.usage(attempt.usage)
        writer.integer(attempt.vendorCost.units)
    }

    private static func read(_ payload: UnsafeRawBufferPointer) -> UsageRecord? {
        var reader = Reader(bytes: payload)
        guard reader.byte() == version, let id = reader.identifier(), let userID = reader.identifier(),
            let keyID = reader.identifier(), let status = reader.byte().flatMap(ExchangeStatus.init(code:)),
            let flags = reader.byte(), let httpStatus = reader.integer(), let createdAt = reader.integer(),
            let latency = reader.integer(), let firstToken = reader.integer(), let cost = reader.integer(),
            let vendorCost = reader.integer(), let prefixHash = reader.integer(), let usage = reader.usage(),
            let model = reader.text(), let provider = reader.text(), let upstreamModel = reader.text(),
            let clientRequestID = reader.optionalText(), let errorCode = reader.optionalText(),
            let vendorUsage = reader.optionalText(), let count = reader.byte()
        else { return nil }
        var record = UsageRecord(
            id: id, userID: userID, apiKeyID: keyID, model: model, createdAtMicroseconds: createdAt, status: status)
        record.isEstimated = flags & 1 != 0
        record.isStream = flags & 2 != 0
        record.httpStatus = Int(truncatingIfNeeded: httpStatus)
        record.latencyMicroseconds = latency
        record.timeToFirstTokenMicroseconds = firstToken < 0 ? nil : firstToken
        record.cost = NanoUSD(units: cost)
        record.vendorCost = NanoUSD(units: vendorCost)
        record.prefixHash = UInt64(bitPattern: prefixHash)
        record.usage = usage
        record.provider = provider
        record.upstreamModel = upstreamModel
        record.clientRequestID = clientRequestID.text
        record.errorCode = errorCode.text
        record.vendorUsage = vendorUsage.text
        for _ in 0..<count {
            guard let attempt = readAttempt(&reader) else { return nil }
            record.attempts.append(attempt)
        }
        return reader.isAtEnd ? record : nil
    }

    private static func readAttempt(_ reader: inout Reader) -> AttemptRecord? {
        guard let provider = reader.text(), let model = reader.text(), let keyID = reader.text(),
            let httpStatus = reader.integer(), let latency = reader.integer(), let errorType = reader.optionalText(),
            let usage = reader.usage(), let vendorCost = reader.integer()
        else { return nil }
        return AttemptRecord(
            provider: provider, upstreamModel: model, providerKeyID: keyID,
            httpStatus: Int(truncatingIfNeeded: httpStatus), latencyMicroseconds: latency, errorType: errorType.text,
            usage: usage, vendorCost: NanoUSD(units: vendorCost))
    }
}

extension RecordCoding {
    /// Appends values.
    private struct Writer {
        var bytes: [UInt8]

        mutating func byte(_ value: UInt8) {
            bytes.append(value)
        }

        mutating func integer(_ value: Int64) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }

        mutating func identifier(_ value: UUID) {
            withUnsafeBytes(of: value.uuid) { bytes.append(contentsOf: $0) }
        }

        /// A length (UInt16) and that much UTF-8.
        mutating func text(_ value: String) {
            var value = value
            value.withUTF8 { utf8 in
                var length = min(utf8.count, RecordCoding.maximumTextBytes)
                while length < utf8.count, length > 0, utf8[length] & 0xC0 == 0x80 { length -= 1 }
                bytes.append(UInt8(truncatingIfNeeded: length))
                bytes.append(UInt8(truncatingIfNeeded: length >> 8))
                bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(utf8)[..<length]))
            }
        }

        mutating func optionalText(_ value: String?) {
            byte(value == nil ? 0 : 1)
            if let value { text(value) }
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

    /// An optional text that was read: there is no telling nil from "could not be read" by one `nil`.
    private struct OptionalText {
        var text: String?
    }

    /// Takes values; nil once the bytes do not hold what is asked.
    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        private var at = 0

        init(bytes: UnsafeRawBufferPointer) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { at == bytes.count }

        private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
            guard count >= 0, bytes.count - at >= count else { return nil }
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
            guard let low = byte(), let high = byte(), let utf8 = take(Int(low) | Int(high) << 8) else { return nil }
            return String(decoding: utf8, as: UTF8.self)
        }

        mutating func optionalText() -> OptionalText? {
            switch byte() {
            case 0: return OptionalText(text: nil)
            case 1: return text().map { OptionalText(text: $0) }
            default: return nil
            }
        }

        mutating func usage() -> TokenUsage? {
            var usage = TokenUsage()
            guard let uncached = integer(), let cacheRead = integer(), let write5m = integer(),
                let write1h = integer(), let visible = integer(), let reasoning = integer(), let audio = integer(),
                let image = integer()
            else { return nil }
            usage.uncachedInput = uncached
            usage.cacheRead = cacheRead
            usage.cacheWrite5m = write5m
            usage.cacheWrite1h = write1h
            usage.visibleOutput = visible
            usage.reasoning = reasoning
            usage.audio = audio
            usage.image = image
            return usage
        }
    }
}

extension ExchangeStatus {
    fileprivate var code: UInt8 {
        switch self {
        case .success: 0
        case .error: 1
        case .cancelled: 2
        }
    }

    fileprivate init?(code: UInt8) {
        switch code {
        case 0: self = .success
        case 1: self = .error
        case 2: self = .cancelled
        default: return nil
        }
    }
}
