import FoundationEssentials
import Metering

/// Usage records as bytes, and back.
///
/// A frame is the payload's length (UInt32), its CRC-32C (UInt32) and the payload; numbers are little-endian. The payload
/// begins with its version. Reading never trusts what it reads: damaged bytes give no record, never a trap or a wrong one.
enum RecordCoding {
    static let frameHeaderBytes = 8
    /// More than any record takes once its texts and attempts are cut; a longer frame is damage.
    static let maximumPayloadBytes = 256 * 1024
    /// The vendor's usage object is cut to it before it is written.
    static let maximumVendorUsageBytes = 8 * 1024
    /// Every other text is cut to it: names, ids and short words.
    static let maximumNameBytes = 512
    /// Later attempts are left out.
    static let maximumAttempts = 64
    private static let version: UInt8 = 2
    /// Without what concerns the vendor's cache; still read, for a journal may outlive an upgrade.
    private static let versionWithoutCache: UInt8 = 1

    /// Appends the record's frame.
    static func append(_ record: UsageRecord, to bytes: inout [UInt8]) {
        let room = frameHeaderBytes + largestPayload(of: record)
        withUnsafeTemporaryAllocation(byteCount: room, alignment: 8) { scratch in
            var writer = RecordWriter(bytes: scratch, at: frameHeaderBytes)
            write(record, to: &writer)
            let payload = UnsafeRawBufferPointer(rebasing: scratch[frameHeaderBytes..<writer.at])
            let length = UInt32(truncatingIfNeeded: payload.count)
            scratch.storeBytes(of: length.littleEndian, toByteOffset: 0, as: UInt32.self)
            scratch.storeBytes(of: CRC32C.checksum(payload).littleEndian, toByteOffset: 4, as: UInt32.self)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<writer.at]))
        }
    }

    /// What lies at a place of a segment.
    enum Frame {
        /// The record and where the next frame begins.
        case record(UsageRecord, next: Int)
        /// The bytes end within the frame, or go on with nothing but zeros: what a write leaves that was cut off.
        case incomplete
        /// The frame's bytes are not what was written; where the next frame begins if the length can be believed.
        case damaged(next: Int?)
    }

    static func frame(at start: Int, in bytes: UnsafeRawBufferPointer) -> Frame {
        guard start >= 0, bytes.count - start >= frameHeaderBytes else { return .incomplete }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self))
        guard length > 0, length <= maximumPayloadBytes else {
            return length == 0 && bytes[start...].allSatisfy { $0 == 0 } ? .incomplete : .damaged(next: nil)
        }
        let payloadStart = start + frameHeaderBytes
        guard bytes.count - payloadStart >= length else {
            var reader = RecordReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[payloadStart...]))
            return read(&reader) == nil && reader.ranOut ? .incomplete : .damaged(next: nil)
        }
        let next = payloadStart + length
        let payload = UnsafeRawBufferPointer(rebasing: bytes[payloadStart..<next])
        guard CRC32C.checksum(payload) == checksum else { return .damaged(next: next) }
        var reader = RecordReader(bytes: payload)
        guard let record = read(&reader), reader.isAtEnd else { return .damaged(next: next) }
        return .record(record, next: next)
    }

    // MARK: Payload

    /// At least what `write` takes for the record.
    private static func largestPayload(of record: UsageRecord) -> Int {
        // 1 + 3 × 16 + 2 + 15 × 8 + 1 bytes of a record, 9 + 2 + 3 × 8 of what concerns the cache and 11 × 8 of an attempt,
        // rounded up; a text takes 3 bytes more.
        var bytes = 240 + textBytes(record.cacheMiss?.blockKind) + textBytes(record.vendorUsage, limit: maximumVendorUsageBytes)
        bytes += textBytes(record.model) + textBytes(record.provider) + textBytes(record.upstreamModel)
        bytes += textBytes(record.clientRequestID) + textBytes(record.errorCode)
        for attempt in record.attempts.prefix(maximumAttempts) {
            bytes += 96 + textBytes(attempt.provider) + textBytes(attempt.upstreamModel)
            bytes += textBytes(attempt.providerKeyID) + textBytes(attempt.errorType)
        }
        return bytes
    }

    private static func textBytes(_ text: String?, limit: Int = maximumNameBytes) -> Int {
        3 + min(text?.utf8.count ?? 0, limit)
    }

    private static func write(_ record: UsageRecord, to writer: inout RecordWriter) {
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
        writer.optionalText(record.vendorUsage, limit: maximumVendorUsageBytes)
        let attempts = record.attempts.prefix(maximumAttempts)
        writer.byte(UInt8(truncatingIfNeeded: attempts.count))
        for attempt in attempts { write(attempt, to: &writer) }
        writer.integer(record.cacheSaved.units)
        write(record.cacheMiss, to: &writer)
    }

    /// A zero where there is none.
    private static func write(_ miss: CacheMiss?, to writer: inout RecordWriter) {
        guard let miss else { return writer.byte(0) }
        writer.byte(miss.cause.rawValue)
        writer.integer(Int64(miss.block ?? -1))
        writer.integer(miss.missedTokens)
        writer.integer(miss.lost.units)
        writer.optionalText(miss.blockKind)
    }

    private static func write(_ attempt: AttemptRecord, to writer: inout RecordWriter) {
        writer.text(attempt.provider)
        writer.text(attempt.upstreamModel)
        writer.text(attempt.providerKeyID)
        writer.integer(Int64(attempt.httpStatus))
        writer.integer(attempt.latencyMicroseconds)
        writer.optionalText(attempt.errorType)
        writer.usage(attempt.usage)
        writer.integer(attempt.vendorCost.units)
    }

    private static func read(_ reader: inout RecordReader) -> UsageRecord? {
        guard let version = reader.byte(), version == Self.version || version == versionWithoutCache, let id = reader.identifier(), let userID = reader.identifier(),
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
        guard count <= maximumAttempts else { return nil }
        record.attempts.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let attempt = readAttempt(&reader) else { return nil }
            record.attempts.append(attempt)
        }
        return version == versionWithoutCache || readCache(of: &record, &reader) ? record : nil
    }

    /// False: the bytes are not what was written.
    private static func readCache(of record: inout UsageRecord, _ reader: inout RecordReader) -> Bool {
        guard let saved = reader.integer(), let code = reader.byte() else { return false }
        record.cacheSaved = NanoUSD(units: saved)
        guard code != 0 else { return true }
        guard let cause = CacheMiss.Cause(rawValue: code), let block = reader.integer(), let missed = reader.integer(),
            let lost = reader.integer(), let kind = reader.optionalText()
        else { return false }
        record.cacheMiss = CacheMiss(
            cause: cause, block: block < 0 ? nil : Int(truncatingIfNeeded: block), blockKind: kind.text,
            missedTokens: missed, lost: NanoUSD(units: lost))
        return true
    }

    private static func readAttempt(_ reader: inout RecordReader) -> AttemptRecord? {
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
