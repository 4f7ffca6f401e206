import DataPlane
import NIOCore
import Testing

/// Messages with bytes changed at random: nothing may trap, and nothing may depend on how they are cut.
struct HTTP1MutationTests {
    /// 50,000 requests and as many responses, in shares that run side by side.
    private static let seeds = Array(UInt64(1)...10)
    private static let messagesPerSeed = 5000

    /// What is apt to confuse a parser, for splicing in.
    private static let fragments = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ";", ",", "0", "5", "f", "-", "+", "0x", "#", "%", "@", "\u{80}",
        "\u{FF}",
        "\r\n\r\n", "0\r\n\r\n", "5\r\nhello\r\n", "Content-Length: 5\r\n", "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
        "Expect: 100-continue\r\n", "HTTP/1.0", "HTTP/1.1", "HTTP/1.1 100 Continue\r\n\r\n", "GET / HTTP/1.1\r\n",
        "FFFFFFFFFFFFFFFF",
        "9223372036854775808", "X: a\r\n",
    ].map(rawBytes)

    private static let requests = GoodRequest.all.map(\.bytes).filter { $0.count > 20 }
    private static let responses = GoodResponse.all.map(\.bytes).filter { $0.count > 20 }

    @Test(arguments: seeds)
    func mutatedRequestIsReadAlikeHoweverItIsCut(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var accepted = 0
        for message in 0..<Self.messagesPerSeed {
            let bytes = Self.mutated(Self.requests, &generator)
            let whole = RequestTranscript(bytes)
            let cuts = Self.cuts(bytes.count, &generator)
            guard RequestTranscript(bytes, cutAt: cuts) == whole, whole.headsAreSound else {
                Issue.record(
                    "seed \(seed), message \(message), cut at \(cuts): \(String(decoding: bytes, as: UTF8.self))")
                return
            }
            if whole.hasEnd { accepted += 1 }
        }
        // Neither all refused nor all untouched: the mutations reach past the first check.
        #expect((Self.messagesPerSeed / 50..<Self.messagesPerSeed * 9 / 10).contains(accepted), "seed \(seed)")
    }

    @Test(arguments: seeds)
    func mutatedResponseIsReadAlikeHoweverItIsCut(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 1000)
        var accepted = 0
        for message in 0..<Self.messagesPerSeed {
            let bytes = Self.mutated(Self.responses, &generator)
            let isTunnel = generator.below(8) == 0
            let closes = generator.below(2) == 0
            let whole = ResponseTranscript(bytes, isTunnel: isTunnel, closes: closes)
            let cuts = Self.cuts(bytes.count, &generator)
            let cut = ResponseTranscript(bytes, cutAt: cuts, isTunnel: isTunnel, closes: closes)
            guard cut == whole, whole.headsAreSound else {
                Issue.record(
                    "seed \(seed), message \(message), cut at \(cuts): \(String(decoding: bytes, as: UTF8.self))")
                return
            }
            if whole.hasEnd { accepted += 1 }
        }
        #expect((Self.messagesPerSeed / 50..<Self.messagesPerSeed * 9 / 10).contains(accepted), "seed \(seed)")
    }

    private static func mutated(_ messages: [[UInt8]], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = messages[generator.below(messages.count)]
        if generator.below(4) == 0 { bytes += messages[generator.below(messages.count)] }
        for _ in 0..<(1 + generator.below(4)) {
            let at = generator.below(bytes.count + 1)
            let end = min(bytes.count, at + 1 + generator.below(4))
            switch generator.below(6) {
            case 0: bytes.replaceSubrange(at..<end, with: [])
            case 1: bytes.insert(UInt8(generator.below(256)), at: at)
            case 2: bytes.replaceSubrange(at..<end, with: bytes[at..<end].map { $0 ^ UInt8(1 << generator.below(8)) })
            case 3: bytes.insert(contentsOf: bytes[at..<end], at: generator.below(bytes.count + 1))
            case 4: bytes.insert(contentsOf: fragments[generator.below(fragments.count)], at: at)
            default: bytes.replaceSubrange(at..<end, with: fragments[generator.below(fragments.count)])
            }
        }
        return bytes
    }

    private static func cuts(_ count: Int, _ generator: inout SeededGenerator) -> [Int] {
        guard generator.below(4) > 0 else { return Array(0...count) }
        return (0...generator.below(5)).map { _ in generator.below(count + 1) }.sorted()
    }
}

extension HTTP1Transcript {
    /// Whatever was accepted has no line end or NUL that another parser could take otherwise.
    fileprivate var headsAreSound: Bool {
        entries.allSatisfy { entry in
            guard case .head(let head) = entry else { return true }
            let bytes = Array(head.bytes.readableBytesView)
            guard bytes.suffix(4) == [0x0D, 0x0A, 0x0D, 0x0A], !bytes.contains(0) else { return false }
            return bytes.indices.allSatisfy { at in
                switch bytes[at] {
                case 0x0D: at + 1 < bytes.count && bytes[at + 1] == 0x0A
                case 0x0A: at > 0 && bytes[at - 1] == 0x0D
                default: true
                }
            }
        }
    }
}
