internal import FoundationEssentials
internal import Metering
internal import Telemetry

extension UsageRecord {
    /// A line of the request list (contract, section 5).
    var json: JSONValue { .object(members) }

    /// The line, and what the list leaves out.
    var detailedJSON: JSONValue {
        .object(
            members + [
                JSONMember(name: "upstream_model", value: .string(upstreamModel)),
                JSONMember(name: "vendor_cost_usd", value: .string(vendorCost.decimalText)),
                JSONMember(name: "http_status", value: .integer(httpStatus)),
                JSONMember(name: "error_code", value: .text(errorCode)),
                JSONMember(name: "stream", value: .bool(isStream)),
                JSONMember(
                    name: "time_to_first_token_ms",
                    value: timeToFirstTokenMicroseconds.map { .integer(Self.milliseconds($0)) } ?? .null),
                JSONMember(name: "usage", value: usage.json),
                JSONMember(name: "vendor_usage", value: vendorUsageJSON),
                JSONMember(name: "attempts", value: .array(attempts.map(\.json))),
            ])
    }

    private var members: [JSONMember] {
        [
            JSONMember(name: "id", value: .string(id.text)),
            JSONMember(name: "client_request_id", value: .text(clientRequestID)),
            JSONMember(name: "user_id", value: .string(userID.text)),
            JSONMember(name: "api_key_id", value: .string(apiKeyID.text)),
            JSONMember(name: "model", value: .string(model)),
            JSONMember(name: "provider", value: .string(provider)),
            JSONMember(name: "prompt_tokens", value: .integer(usage.promptTokens)),
            JSONMember(name: "completion_tokens", value: .integer(usage.completionTokens)),
            JSONMember(name: "cache_read_tokens", value: .integer(usage.cacheRead)),
            JSONMember(name: "cache_write_tokens", value: .integer(usage.cacheWrite)),
            JSONMember(name: "cost_usd", value: .string(cost.decimalText)),
            JSONMember(name: "cache_saved_usd", value: .string(cacheSaved.decimalText)),
            JSONMember(name: "latency_ms", value: .integer(Self.milliseconds(latencyMicroseconds))),
            JSONMember(name: "status", value: .string(status.rawValue)),
            JSONMember(name: "estimated", value: .bool(isEstimated)),
            JSONMember(name: "created_at", value: .string(UTCTime.text(microseconds: createdAtMicroseconds))),
        ]
    }

    /// The vendor's object where it is one; it is shown as text where it is none.
    private var vendorUsageJSON: JSONValue {
        guard let vendorUsage else { return .null }
        return (try? JSONReader.read(Array(vendorUsage.utf8))) ?? .string(vendorUsage)
    }

    /// Rounded to the nearest; 0 and up.
    fileprivate static func milliseconds(_ microseconds: Int64) -> Int64 {
        let whole = max(microseconds, 0)
        return whole / 1_000 + (whole % 1_000 >= 500 ? 1 : 0)
    }
}

extension AttemptRecord {
    /// As the admin API shows an attempt.
    fileprivate var json: JSONValue {
        [
            "provider": .string(provider), "upstream_model": .string(upstreamModel),
            "provider_key_id": .string(providerKeyID), "http_status": .integer(httpStatus),
            "latency_ms": .integer(UsageRecord.milliseconds(latencyMicroseconds)), "error_type": .text(errorType),
            "usage": usage.json, "vendor_cost_usd": .string(vendorCost.decimalText),
        ]
    }
}

extension TokenUsage {
    /// Each member by itself.
    fileprivate var json: JSONValue {
        [
            "uncached_input": .integer(uncachedInput), "cache_read": .integer(cacheRead),
            "cache_write_5m": .integer(cacheWrite5m), "cache_write_1h": .integer(cacheWrite1h),
            "visible_output": .integer(visibleOutput), "reasoning": .integer(reasoning), "audio": .integer(audio),
            "image": .integer(image),
        ]
    }
}

extension UsageSum {
    /// The group's values by the dimensions' names, then the sums.
    func json(_ dimensions: [UsageDimension]) -> JSONValue {
        let names = zip(dimensions, group).map { JSONMember(name: $0.rawValue, value: .string($1)) }
        return .object(
            names + [
                JSONMember(name: "requests", value: .integer(requests)),
                JSONMember(name: "prompt_tokens", value: .integer(promptTokens)),
                JSONMember(name: "completion_tokens", value: .integer(completionTokens)),
                JSONMember(name: "cache_read_tokens", value: .integer(cacheReadTokens)),
                JSONMember(name: "cache_write_tokens", value: .integer(cacheWriteTokens)),
                JSONMember(name: "cost_usd", value: .string(cost.decimalText)),
                JSONMember(name: "cache_saved_usd", value: .string(cacheSaved.decimalText)),
            ])
    }
}
