import FoundationEssentials
import Metering

@testable import Stores

/// Repeatable randomness (SplitMix64): tests print the seed they failed with.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func id() -> UUID {
        let halves = (next(), next())
        return withUnsafeBytes(of: halves) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    /// Any Int64, the ends of the range and small numbers far more often than chance has them.
    mutating func integer() -> Int64 {
        switch next() % 6 {
        case 0: .min
        case 1: .max
        case 2: 0
        case 3: -1
        case 4: Int64(next() % 10_000)
        default: Int64(bitPattern: next())
        }
    }

    /// Empty, short and long texts, some of them cut off within a character by a limit of so many bytes.
    mutating func text(limit: Int) -> String {
        let piece: String
        switch next() % 6 {
        case 0: piece = ""
        case 1: piece = "a\0b"
        case 2: piece = "deepseek-chat"
        case 3: piece = "é"
        case 4: piece = "令牌"
        default: piece = "👩‍🚀e\u{301}"
        }
        let text = String(repeating: piece, count: Int(next() % 3))
        guard next() % 4 == 0 else { return text }
        let room = limit - text.utf8.count - Int(next() % 4)
        return text + String(repeating: "x", count: max(0, room)) + piece + piece
    }

    mutating func optionalText(limit: Int) -> String? {
        next() % 2 == 0 ? nil : text(limit: limit)
    }

    mutating func usage() -> TokenUsage {
        var usage = TokenUsage()
        usage.uncachedInput = integer()
        usage.cacheRead = integer()
        usage.cacheWrite5m = integer()
        usage.cacheWrite1h = integer()
        usage.visibleOutput = integer()
        usage.reasoning = integer()
        usage.audio = integer()
        usage.image = integer()
        return usage
    }

    mutating func attempt() -> AttemptRecord {
        let limit = RecordCoding.maximumNameBytes
        return AttemptRecord(
            provider: text(limit: limit), upstreamModel: text(limit: limit), providerKeyID: text(limit: limit),
            httpStatus: Int(integer()), latencyMicroseconds: integer(), errorType: optionalText(limit: limit),
            usage: usage(), vendorCost: NanoUSD(units: integer()))
    }

    /// Every member at random.
    mutating func record(attempts: Int) -> UsageRecord {
        let limit = RecordCoding.maximumNameBytes
        var record = UsageRecord(
            id: id(), userID: id(), apiKeyID: id(), model: text(limit: limit), createdAtMicroseconds: integer(),
            status: ExchangeStatus.allCases[Int(next() % 3)])
        record.provider = text(limit: limit)
        record.upstreamModel = text(limit: limit)
        record.clientRequestID = optionalText(limit: limit)
        record.errorCode = optionalText(limit: limit)
        record.vendorUsage = optionalText(limit: RecordCoding.maximumVendorUsageBytes)
        record.usage = usage()
        record.cost = NanoUSD(units: integer())
        record.vendorCost = NanoUSD(units: integer())
        record.latencyMicroseconds = integer()
        record.timeToFirstTokenMicroseconds = next() % 2 == 0 ? nil : max(0, integer())
        record.httpStatus = Int(integer())
        record.isEstimated = next() % 2 == 0
        record.isStream = next() % 2 == 0
        record.prefixHash = next()
        record.attempts = (0..<attempts).map { _ in attempt() }
        record.cacheSaved = NanoUSD(units: integer())
        if next() % 2 == 0 { record.cacheMiss = miss(kindLimit: limit) }
        return record
    }

    mutating func miss(kindLimit: Int) -> CacheMiss {
        CacheMiss(
            cause: CacheMiss.Cause.allCases[Int(next() % 7)], block: next() % 2 == 0 ? nil : Int(max(0, integer())),
            blockKind: optionalText(limit: kindLimit), missedTokens: integer(), lost: NanoUSD(units: integer()))
    }

    /// As exchanges mostly are: short names, one attempt.
    mutating func plainRecord() -> UsageRecord {
        var record = UsageRecord(
            id: id(), userID: id(), apiKeyID: id(), model: "deepseek-chat", createdAtMicroseconds: 1_763_700_000_000_000
        )
        record.provider = "deepseek"
        record.upstreamModel = "deepseek-chat"
        record.cost = NanoUSD(units: Int64(next() % 1_000_000))
        record.httpStatus = 200
        record.vendorUsage = #"{"prompt_tokens":12,"completion_tokens":7}"#
        record.attempts = [
            AttemptRecord(provider: "deepseek", upstreamModel: "deepseek-chat", providerKeyID: "k1", httpStatus: 200)
        ]
        return record
    }

    mutating func plainRecords(_ count: Int) -> [UsageRecord] { (0..<count).map { _ in plainRecord() } }
}

extension UsageRecord {
    /// The record's frame.
    var frame: [UInt8] {
        var bytes: [UInt8] = []
        RecordCoding.append(self, to: &bytes)
        return bytes
    }

    /// What the journal gives back: its texts cut to whole characters, its attempts to the first ones.
    var cut: UsageRecord {
        func cut(_ text: String, _ limit: Int = RecordCoding.maximumNameBytes) -> String {
            var result = String.UnicodeScalarView()
            var bytes = 0
            for scalar in text.unicodeScalars {
                bytes += String(scalar).utf8.count
                if bytes > limit { break }
                result.append(scalar)
            }
            return String(result)
        }
        var record = self
        record.model = cut(model)
        record.provider = cut(provider)
        record.upstreamModel = cut(upstreamModel)
        record.clientRequestID = clientRequestID.map { cut($0) }
        record.errorCode = errorCode.map { cut($0) }
        record.vendorUsage = vendorUsage.map { cut($0, RecordCoding.maximumVendorUsageBytes) }
        record.cacheMiss?.blockKind = cacheMiss?.blockKind.map { cut($0) }
        record.attempts = attempts.prefix(RecordCoding.maximumAttempts).map { attempt in
            var attempt = attempt
            attempt.provider = cut(attempt.provider)
            attempt.upstreamModel = cut(attempt.upstreamModel)
            attempt.providerKeyID = cut(attempt.providerKeyID)
            attempt.errorType = attempt.errorType.map { cut($0) }
            return attempt
        }
        return record
    }
}

extension RecordCoding {
    static func frame(at start: Int = 0, in bytes: [UInt8]) -> Frame {
        bytes.withUnsafeBytes { frame(at: start, in: $0) }
    }
}
