import DataPlane
import Gateway
import NIOCore
import Testing

struct VendorLimitFieldsTests {
    /// 2026-11-21T00:00:00Z
    private static let now: Int64 = 1_795_219_200_000

    @Test func limitsToldAsDurationsAreRead() throws {
        let limits = try read([
            "x-ratelimit-limit-requests: 500", "X-RateLimit-Remaining-Requests: 499", "x-ratelimit-reset-requests: 120ms",
            "x-ratelimit-limit-tokens: 30000", "x-ratelimit-remaining-tokens: 0", "x-ratelimit-reset-tokens: 6m0s",
        ])
        let expected = VendorLimits(
            requests: Allowance(limit: 500, remaining: 499, reset: Self.reset(after: 120)),
            tokens: Allowance(limit: 30_000, remaining: 0, reset: Self.reset(after: 360_000)))
        #expect(limits == expected)
    }

    @Test func limitsToldAsMomentsAreRead() throws {
        let limits = try read(
            ["requests", "tokens", "input-tokens", "output-tokens"].enumerated().flatMap { place, unit in
                [
                    "anthropic-ratelimit-\(unit)-limit: \(place + 1)000",
                    "anthropic-ratelimit-\(unit)-remaining: \(place)",
                    "anthropic-ratelimit-\(unit)-reset: 2026-11-21T00:0\(place):00Z",
                ]
            })
        func allowance(_ place: Int) -> Allowance {
            Allowance(limit: (place + 1) * 1_000, remaining: place, reset: Self.reset(after: Int64(place) * 60_000))
        }
        let expected = VendorLimits(
            requests: allowance(0), tokens: allowance(1), inputTokens: allowance(2), outputTokens: allowance(3))
        #expect(limits == expected)
    }

    @Test func aMomentThatHasPassedIsNoWait() throws {
        let limits = try read(["anthropic-ratelimit-requests-reset: 2026-11-20T23:59:00+00:00"])
        #expect(limits?.requests?.reset == LimitReset(afterMilliseconds: 0, atMilliseconds: Self.now - 60_000))
    }

    @Test(
        arguments: [
            ["x-ratelimit-limit-requests: -1", "x-ratelimit-remaining-requests: 0"],
            ["x-ratelimit-limit-requests: 0", "x-ratelimit-remaining-requests: 0"],
            ["x-ratelimit-limit-tokens: 10", "x-ratelimit-remaining-tokens: -1"],
            ["x-ratelimit-limit-requests: many"], ["x-ratelimit-reset-requests: soon"],
            ["x-ratelimit-reset-requests: 99999-01-01T00:00:00Z"], ["x-ratelimit-remaining-requests:"],
            ["x-ratelimit-limit-images-per-day: 7"], ["anthropic-ratelimit-unified-5h-reset: 1795219200"],
            ["x-ratelimit-limit-request-s: 1"], ["server: x-ratelimit-limit-requests"],
        ])
    func whatIsNoLimitIsNotTold(_ fields: [String]) throws {
        #expect(try read(fields) == nil)
    }

    @Test func whatOneUnitSaysDoesNotDependOnAnother() throws {
        let limits = try read([
            "x-ratelimit-limit-requests: -1", "x-ratelimit-remaining-requests: -1", "x-ratelimit-remaining-tokens: 7",
        ])
        #expect(limits == VendorLimits(tokens: Allowance(remaining: 7)))
    }

    @Test(
        arguments: [
            (nil, 5, 9, 5), (nil, 9, 5, 5), (3, 1, 1, 3), (nil, nil, 4, 4), (nil, 4, nil, 4), (nil, nil, nil, nil),
        ] as [(Int?, Int?, Int?, Int?)])
    func oneKindOfTokensIsTheTighter(_ all: Int?, _ input: Int?, _ output: Int?, told: Int?) {
        func left(_ remaining: Int?) -> Allowance? { remaining.map { Allowance(remaining: $0) } }
        let limits = VendorLimits(tokens: left(all), inputTokens: left(input), outputTokens: left(output))
        #expect(limits.anyTokens?.remaining == told)
    }

    private static func reset(after wait: Int64) -> LimitReset {
        LimitReset(afterMilliseconds: wait, atMilliseconds: now + wait)
    }

    /// What a head of these fields tells, `hasLimits` minded as the connection minds it.
    private func read(_ fields: [String]) throws -> VendorLimits? {
        var parser = HTTP1ResponseParser(limits: HTTP1Limits())
        var text = ByteBuffer(
            string: "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
        guard case .head(let head) = try parser.next(&text) else { throw NoHead() }
        return head.hasLimits ? VendorLimitFields.read(head, nowMilliseconds: Self.now) : nil
    }

    private struct NoHead: Error {}
}
