import FoundationEssentials
import NIOCore
import Pipeline
import Testing

@testable import DataPlane
@testable import Gateway

/// What clients are told of limits, by their form.
struct LimitFieldsTests {
    private static let own = Allowance(limit: 20, remaining: 19, reset: reset(after: 60_000))
    private static let vendor = VendorLimits(
        requests: Allowance(limit: 500, remaining: 499, reset: reset(after: 120)),
        tokens: Allowance(limit: 30_000, remaining: 29_000, reset: reset(after: 1_500)),
        inputTokens: Allowance(limit: 20_000, remaining: 100), outputTokens: Allowance(remaining: 7))

    @Test(arguments: [RequestForm.openAIChat, .openAIResponses, .geminiGenerate])
    func vendorsNumbersAreToldInOpenAIsFields(_ form: RequestForm) {
        let expected = [
            "x-ratelimit-limit-requests: 500", "x-ratelimit-remaining-requests: 499", "x-ratelimit-reset-requests: 120ms",
            "x-ratelimit-limit-tokens: 30000", "x-ratelimit-remaining-tokens: 29000", "x-ratelimit-reset-tokens: 1.5s",
        ]
        #expect(told(own: nil, vendor: Self.vendor, form) == expected)
    }

    @Test func vendorsNumbersAreToldInAnthropicsFields() {
        let expected = [
            "anthropic-ratelimit-requests-limit: 500", "anthropic-ratelimit-requests-remaining: 499",
            "anthropic-ratelimit-requests-reset: 2026-11-21T00:00:00.120Z",
            "anthropic-ratelimit-tokens-limit: 30000", "anthropic-ratelimit-tokens-remaining: 29000",
            "anthropic-ratelimit-tokens-reset: 2026-11-21T00:00:01.500Z",
            "anthropic-ratelimit-input-tokens-limit: 20000", "anthropic-ratelimit-input-tokens-remaining: 100",
            "anthropic-ratelimit-output-tokens-remaining: 7",
        ]
        #expect(told(own: nil, vendor: Self.vendor, .anthropicMessages) == expected)
    }

    @Test(arguments: RequestForm.allCases)
    func theGatewaysOwnLimitHidesTheVendorsOfThatUnit(_ form: RequestForm) {
        let fields = told(own: Self.own, vendor: Self.vendor, form)
        #expect(fields.prefix(3) == [
            "x-ratelimit-limit-requests: 20", "x-ratelimit-remaining-requests: 19", "x-ratelimit-reset-requests: 1m0s",
        ])
        #expect(!fields.contains { $0.hasSuffix(": 499") || $0.hasSuffix(": 500") })
        #expect(fields.contains { $0.hasSuffix("remaining: 29000") || $0.hasSuffix("remaining-tokens: 29000") })
        let moments = fields.filter { $0.hasPrefix("anthropic-ratelimit-requests") }
        #expect(moments == (form == .anthropicMessages ? [
            "anthropic-ratelimit-requests-limit: 20", "anthropic-ratelimit-requests-remaining: 19",
            "anthropic-ratelimit-requests-reset: 2026-11-21T00:01:00.000Z",
        ] : []))
    }

    @Test(arguments: RequestForm.allCases)
    func nothingIsToldOfLimitsThatNobodyHas(_ form: RequestForm) {
        #expect(told(own: nil, vendor: nil, form) == [])
    }

    /// 2026-11-21T00:00:00Z and so much later.
    private static func reset(after wait: Int64) -> LimitReset {
        LimitReset(afterMilliseconds: wait, atMilliseconds: 1_795_219_200_000 + wait)
    }

    private func told(own: Allowance?, vendor: VendorLimits?, _ form: RequestForm) -> [String] {
        let head = AnswerHead(
            requestID: UUID(), status: 200, contentType: .json, retryAfterSeconds: nil, label: nil, upstreamModel: "",
            attempts: 1, prefixHash: nil, rate: own, vendorLimits: vendor, fidelity: FidelityReport(), form: form)
        var sink = HTTP1FieldSink(buffer: ByteBuffer())
        LimitFields.write(head, to: &sink)
        return String(buffer: sink.buffer).split(separator: "\r\n").map(String.init)
    }
}
