import DataPlane
import Testing

struct HTTP1LimitTests {
    /// A bound, a head that just keeps it, and how it is refused one byte or one field past it.
    struct Bound: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: HTTP1Error
        /// The head's first bytes, up to where it grows past the bound.
        let text: @Sendable (_ excess: Int) -> String
    }

    private static let limits: HTTP1Limits = {
        var limits = HTTP1Limits()
        limits.maximumStartLineBytes = 40
        limits.maximumHeaderLineBytes = 60
        limits.maximumHeadBytes = 186
        limits.maximumHeaderCount = 8
        return limits
    }()

    private static func text(_ count: Int) -> String { String(repeating: "a", count: count) }

    static let bounds: [Bound] = [
        Bound(testDescription: "start line", error: .startLineTooLong) {
            requestText(line: "GET /\(text(26 + $0)) HTTP/1.1")
        },
        Bound(testDescription: "header line", error: .headerLineTooLong) { requestText("X: \(text(57 + $0))") },
        Bound(testDescription: "header count", error: .tooManyHeaders) {
            "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: a\r\n", count: 7 + $0) + "\r\n"
        },
        Bound(testDescription: "head", error: .headTooLong) {
            requestText("A: \(text(50))", "B: \(text(50))", "C: \(text(46 + $0))", line: "GET / HTTP/1.1")
        },
    ]

    @Test(arguments: bounds)
    func boundIsKeptToTheByteHoweverTheHeadIsCut(_ bound: Bound) {
        for (excess, error) in [(0, nil), (1, bound.error), (2, bound.error), (70, nil)] {
            let head = rawBytes(bound.text(excess))
            let whole = RequestTranscript(head, limits: Self.limits)
            if excess < 70 {
                #expect(whole.error == error)
            } else {
                #expect(whole.error != nil)
            }
            #expect(whole.hasEnd == (excess == 0))
            let differing = everyCut(of: head).filter {
                RequestTranscript(head, cutAt: $0, limits: Self.limits) != whole
            }
            #expect(differing.isEmpty, "\(excess) past the bound, cut at \(differing.prefix(5))")
        }
    }

    @Test(arguments: [
        "GET /\(text(80))\nHost", "GET / HTTP/1.1\r\nHost: \(text(80))\n", "\n", "\r", "\r\r\r\r", "X\r\n\n",
    ])
    func halfALineIsRefusedAlikeHoweverItIsCut(_ line: String) {
        let head = rawBytes(line)
        let whole = RequestTranscript(head, limits: Self.limits)
        for cuts in everyCut(of: head) {
            #expect(RequestTranscript(head, cutAt: cuts, limits: Self.limits) == whole)
        }
    }

    @Test func headIsRefusedByItsFirstByteTooManyWithinALine() {
        let lines = "GET / HTTP/1.1\r\nHost: a\r\nA: \(Self.text(50))\r\nB: \(Self.text(50))\r\n"
        let last = "C: " + Self.text(Self.limits.maximumHeadBytes - rawBytes(lines).count - 3)
        #expect(RequestTranscript(rawBytes(lines + last), limits: Self.limits).error == nil)
        #expect(RequestTranscript(rawBytes(lines + last + "a"), limits: Self.limits).error == .headTooLong)
    }

    @Test func endlessHeadIsRefusedWithoutItsEnd() {
        #expect(RequestTranscript(rawBytes(Self.text(8 * 1024))).error == nil)
        #expect(RequestTranscript(rawBytes(Self.text(8 * 1024 + 1))).error == .startLineTooLong)
        let line = "GET / HTTP/1.1\r\n"
        #expect(RequestTranscript(rawBytes(line + Self.text(16 * 1024 + 1))).error == .headerLineTooLong)
        #expect(RequestTranscript(rawBytes(line + String(repeating: "X: a\r\n", count: 101))).error == .tooManyHeaders)
        let long = "X: " + Self.text(13_000) + "\r\n"
        #expect(RequestTranscript(rawBytes(line + String(repeating: long, count: 6))).error == .headTooLong)
    }

    @Test func trailersMayFillTheirBound() {
        let longest = chunkedText("0\r\nX: \(Self.text(8 * 1024 - 3))\r\n\r\n")
        let whole = RequestTranscript(rawBytes(longest))
        #expect(whole.hasEnd)
        for cut in (longest.unicodeScalars.count - 6)...longest.unicodeScalars.count {
            #expect(RequestTranscript(rawBytes(longest), cutAt: [cut]) == whole)
        }
    }

    @Test func responseHeadsHaveTheSameBounds() {
        #expect(ResponseTranscript(rawBytes("HTTP/1.1 200 " + Self.text(9000))).error == .startLineTooLong)
        let fields = String(repeating: "X: a\r\n", count: 101)
        #expect(ResponseTranscript(rawBytes("HTTP/1.1 200 OK\r\n" + fields)).error == .tooManyHeaders)
    }
}
