import FoundationEssentials
import Gateway
import NIOCore
import Pipeline

/// Takes header fields, in whatever form an HTTP version wants them.
protocol FieldSink {
    mutating func text(_ name: StaticString, _ value: String)
    mutating func number(_ name: StaticString, _ value: Int)
    mutating func identifier(_ name: StaticString, _ value: UUID)
    /// 16 hexadecimal digits.
    mutating func hash(_ name: StaticString, _ value: UInt64)
}

/// The fields of an answer besides its framing (contract, section 4).
enum AnswerFields {
    static func write(_ head: AnswerHead, labels: [CandidateLabel], to sink: inout some FieldSink) {
        switch head.contentType {
        case .json: sink.text("content-type", "application/json")
        case .other(let type): sink.text("content-type", type)
        case .eventStream:
            sink.text("content-type", "text/event-stream; charset=utf-8")
            sink.text("cache-control", "no-cache")
        }
        sink.identifier("x-request-id", head.requestID)
        // Anthropic's clients look for the id under this name (package anthropic 2.11.0).
        if head.form == .anthropicMessages { sink.identifier("request-id", head.requestID) }
        if let label = head.label, label < labels.count {
            sink.text("x-tokenrouter-provider", labels[label].provider)
            sink.text("x-tokenrouter-model", head.upstreamModel)
        }
        if head.attempts > 0 { sink.number("x-tokenrouter-attempts", head.attempts) }
        if let hash = head.prefixHash {
            sink.hash("x-tokenrouter-prefix", hash)
            sink.text("x-tokenrouter-cache", "off")
        }
        if let role = head.dedup { sink.text("x-tokenrouter-dedup", role.rawValue) }
        LimitFields.write(head, to: &sink)
        if let seconds = head.retryAfterSeconds { sink.number("retry-after", seconds) }
        if let report = fidelity(of: head) { sink.text("x-tokenrouter-fidelity", report) }
    }

    /// What the target could not carry; nil: everything was carried as it came.
    private static func fidelity(of head: AnswerHead) -> String? {
        let report = head.fidelity
        guard !report.isEmpty else { return nil }
        var parts: [String] = []
        if !report.dropped.isEmpty { parts.append("dropped=" + report.dropped.joined(separator: ",")) }
        if !report.rewritten.isEmpty { parts.append("rewritten=" + report.rewritten.joined(separator: ",")) }
        return parts.joined(separator: "; ")
    }
}
