import DataPlane
import Testing

struct HostileRequestTests {
    @Test(arguments: HostileRequest.all)
    func isRefusedHoweverItIsCut(_ hostile: HostileRequest) {
        let whole = RequestTranscript(hostile.bytes)
        #expect(whole.error == hostile.error)
        #expect(!whole.hasEnd)
        let differing = everyCut(of: hostile.bytes).filter { RequestTranscript(hostile.bytes, cutAt: $0) != whole }
        #expect(differing.isEmpty, "cut at \(differing.prefix(5))")
    }

    /// Everything else in a hostile request is fine, so a refusal is for what the case names.
    @Test func frameOfTheHostileRequestsIsGood() {
        #expect(RequestTranscript(rawBytes(requestText("X: a"))).error == nil)
        #expect(RequestTranscript(rawBytes(requestText("Content-Length: 000005", body: "hello"))).hasEnd)
        #expect(RequestTranscript(rawBytes(chunkedText("5\r\nhello\r\n0\r\nX: a\r\n\r\n"))).hasEnd)
    }

    @Test func nothingIsReadFromABadHead() {
        for hostile in HostileRequest.all where !rawBytes("chunked\r\n\r\n").isInfix(of: hostile.bytes) {
            #expect(RequestTranscript(hostile.bytes).entries.isEmpty, "\(hostile.name)")
        }
    }

    @Test func everyRefusalIsInATable() {
        let tables =
            HostileRequest.all.map(\.error) + HostileResponse.all.map(\.error)
            + HTTP1LimitTests.bounds.map(\.error)
        #expect(Set(HTTP1Error.allCases).subtracting(tables).isEmpty)
    }

    @Test(arguments: HTTP1Error.allCases)
    func refusalHasAStatusAndAReason(_ error: HTTP1Error) {
        #expect((400...505).contains(error.status))
        #expect(error.reason.utf8CodeUnitCount > 10)
        let others = HTTP1Error.allCases.filter { $0 != error }
        #expect(!others.contains { $0.reason.description == error.reason.description })
    }

    @Test(
        arguments: [
            (.startLineTooLong, 414), (.tooManyHeaders, 431), (.headerLineTooLong, 431), (.headTooLong, 431),
            (.trailersTooLong, 431), (.unsupportedVersion, 505), (.badTransferEncoding, 501), (.badExpectation, 417),
            (.bothLengths, 400), (.bareLineFeed, 400),
        ] as [(HTTP1Error, Int)])
    func refusalIsAnswered(_ error: HTTP1Error, status: Int) {
        #expect(error.status == status)
    }
}

extension [UInt8] {
    fileprivate func isInfix(of other: [UInt8]) -> Bool {
        other.indices.contains { other[$0...].starts(with: self) }
    }
}
