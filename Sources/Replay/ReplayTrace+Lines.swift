import FoundationEssentials

extension ReplayTrace {
    /// Tokens of a block where a line does not say.
    private static let blockTokens: Int64 = 512

    /// A trace of JSON lines: Mooncake's, or a log of requests.
    ///
    /// A line is an object of `timestamp` (milliseconds), `input_length` and `output_length` (tokens) and `hash_ids` (a
    /// whole number from 0 to 2^64 - 1 per block; equal ones at the beginnings of two prompts are equal blocks). It may
    /// have `block_tokens`, one per block, without which blocks have 512 tokens and the last the rest, `model`, whose
    /// caches are its own, and `upstream_model`, what its vendor calls it. Other members are passed over, such as
    /// `tenant`: a vendor's cache is its key's, whoever uses it. So are empty lines. The format of Mooncake's traces:
    /// github.com/kvcache-ai/Mooncake, FAST25-release, 2025.
    ///
    /// A last line that no line feed ends and that is not JSON was cut while it was written: it is left out.
    /// - Throws: `ReplayTraceError` for the first other line that is not such an object, and for a trace without any.
    package static func read(_ bytes: [UInt8]) throws(ReplayTraceError) -> ReplayTrace {
        var requests: [ReplayRequest] = []
        let decoder = JSONDecoder()
        var number = 0
        var cutLine: Int?
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard !line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) else { continue }
            do {
                requests.append(try request(line, number: number, decoder: decoder))
            } catch {
                guard line.endIndex == bytes.endIndex, !requests.isEmpty, isCut(line) else { throw error }
                cutLine = number
            }
        }
        guard !requests.isEmpty else { throw .empty }
        return ReplayTrace(requests, cutLine: cutLine)
    }

    /// The beginning of an object whose end is missing.
    private static func isCut(_ line: ArraySlice<UInt8>) -> Bool {
        line.first == UInt8(ascii: "{") && line.last != UInt8(ascii: "}")
    }

    private static func request(
        _ bytes: ArraySlice<UInt8>, number: Int, decoder: JSONDecoder
    ) throws(ReplayTraceError) -> ReplayRequest {
        let line: TraceLine
        do {
            line = try decoder.decode(TraceLine.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw .line(number, describe(error))
        } catch {
            throw .line(number, "not such an object")
        }
        if let complaint = line.complaint { throw .line(number, complaint) }
        return ReplayRequest(
            arrivalNanoseconds: Int64(line.timestamp * 1_000_000), blocks: line.blocks,
            blockTokens: line.blockTokens ?? [Int64](repeating: blockTokens, count: line.blocks.count),
            promptTokens: line.promptTokens, outputTokens: line.outputTokens, model: line.model ?? "",
            upstreamModel: line.upstreamModel)
    }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "no \(key.stringValue)"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(context.codingPath.first?.stringValue ?? "the line") is of another type than expected"
        case .dataCorrupted: "not JSON, or with a number that does not fit"
        @unknown default: "not such an object"
        }
    }
}

/// Why a trace cannot be read.
package enum ReplayTraceError: Error, Equatable, CustomStringConvertible {
    /// The line, counted from 1, and what is wrong with it.
    case line(Int, String)
    /// No line holds a request.
    case empty

    package var description: String {
        switch self {
        case .line(let number, let complaint): "line \(number): \(complaint)"
        case .empty: "no requests in it"
        }
    }
}

/// One line as it is written.
private struct TraceLine: Decodable {
    var timestamp: Double
    var promptTokens: Int64
    var outputTokens: Int64
    var blocks: [UInt64]
    var blockTokens: [Int64]?
    var model: String?
    var upstreamModel: String?

    enum CodingKeys: String, CodingKey {
        case timestamp
        case promptTokens = "input_length"
        case outputTokens = "output_length"
        case blocks = "hash_ids"
        case blockTokens = "block_tokens"
        case model
        case upstreamModel = "upstream_model"
    }

    /// Milliseconds; in nanoseconds it still fits, and the year 2090 is before it.
    private static let latest = 4e12
    private static let mostTokens: Int64 = 1_000_000_000

    /// What no trace can mean.
    var complaint: String? {
        if !(0...Self.latest).contains(timestamp) { return "timestamp is not within 0 and 4e12 milliseconds" }
        if !(0...Self.mostTokens).contains(promptTokens) { return "input_length is not within 0 and 1e9" }
        if !(0...Self.mostTokens).contains(outputTokens) { return "output_length is not within 0 and 1e9" }
        guard let blockTokens else { return nil }
        if blockTokens.count != blocks.count { return "block_tokens has not as many numbers as hash_ids" }
        if blockTokens.contains(where: { !(0...Self.mostTokens).contains($0) }) {
            return "block_tokens has a number that is not within 0 and 1e9"
        }
        return nil
    }
}
