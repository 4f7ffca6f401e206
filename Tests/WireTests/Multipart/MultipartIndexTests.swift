import NIOCore
import Testing
import Wire

struct MultipartIndexTests {
    @Test(arguments: [
        ("one field", formField("model", "m") + "--b--\r\n", [ToldPart("model", "m")]),
        ("no line break at the end", formField("model", "m") + "--b--", [ToldPart("model", "m")]),
        ("line breaks at the end", formField("model", "m") + "--b--\r\n\r\n", [ToldPart("model", "m")]),
        ("a line break at the start", "\r\n" + formField("model", "m") + "--b--\r\n", [ToldPart("model", "m")]),
        ("no part", "--b--\r\n", []),
        ("an empty field", formField("a", "") + "--b--", [ToldPart("a", "")]),
        (
            "a file beside a field", formFile("file", "\u{0}\r\n\u{1}") + formField("model", "m") + "--b--\r\n",
            [ToldPart("file", "\u{0}\r\n\u{1}", filename: "a.bin"), ToldPart("model", "m")]
        ),
        (
            "several of one name", formFile("image[]", "1") + formFile("image[]", "2") + "--b--",
            [ToldPart("image[]", "1", filename: "a.bin"), ToldPart("image[]", "2", filename: "a.bin")]
        ),
        ("an empty file name", formFile("a", "x", filename: "") + "--b--", [ToldPart("a", "x", filename: "")]),
        (
            "a path for a file name", formFile("a", "x", filename: #"C:\b\c.png"#) + "--b--",
            [ToldPart("a", "x", filename: #"C:\b\c.png"#)]
        ),
        (
            "hyphens in the content", formField("a", "--\r\n--c\r\n--\r\n-b--b") + "--b--",
            [ToldPart("a", "--\r\n--c\r\n--\r\n-b--b")]
        ),
        ("line breaks in the content", formField("a", "\r\n\n\r\r\n") + "--b--", [ToldPart("a", "\r\n\n\r\r\n")]),
        ("no quotes", formBody("--b", "content-disposition:form-data;name=a", "", "x", "--b--"), [ToldPart("a", "x")]),
        (
            "other cases", formBody("--b", "CONTENT-DISPOSITION: Form-Data; NAME=\"a\"", "", "x", "--b--"),
            [ToldPart("a", "x")]
        ),
        (
            "the name last",
            formBody("--b", #"Content-Disposition: form-data; filename="f;name=z"; name="a""#, "", "x", "--b--"),
            [ToldPart("a", "x", filename: "f;name=z")]
        ),
        (
            ".NET's two file names",
            formBody("--b", "Content-Disposition: form-data; name=a; filename=f; filename*=utf-8''f", "", "x", "--b--"),
            [ToldPart("a", "x", filename: "f")]
        ),
        (
            "other headers",
            formBody(
                "--b", "X-A: 1", #"Content-Disposition: form-data; name="a""#,
                "Content-Type: text/plain; charset=UTF-8",
                "Content-Transfer-Encoding: binary", "Content-Length: 1", "", "x", "--b--"), [ToldPart("a", "x")]
        ),
        (
            "a file of another character set",
            formBody(
                "--b", #"Content-Disposition: form-data; name="a"; filename="f""#,
                "Content-Type: text/plain; charset=gbk",
                "", "x", "--b--"), [ToldPart("a", "x", filename: "f")]
        ),
        (
            "the default character set, named", formField("_charset_", "UTF-8") + "--b--",
            [ToldPart("_charset_", "UTF-8")]
        ),
        ("letters beyond ASCII", formField("名", "值") + "--b--", [ToldPart("名", "值")]),
    ])
    func partsAreFound(_ name: String, _ body: String, _ expected: [ToldPart]) throws {
        #expect(try formParts(body) == expected, "\(name)")
    }

    @Test(arguments: [
        ("nothing", "", MultipartError.noOpeningBoundary),
        ("text before", "x\r\n" + formField("a", "1") + "--b--", .noOpeningBoundary),
        ("two line breaks before", "\r\n\r\n" + formField("a", "1") + "--b--", .noOpeningBoundary),
        ("another boundary", "--c\r\n", .noOpeningBoundary),
        ("only its beginning", "--", .noOpeningBoundary),
        ("nothing behind it", "--b", .noFinalBoundary),
        ("cut in the head", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n", .noFinalBoundary),
        ("cut in the content", formField("a", "x"), .noFinalBoundary),
        ("cut in the last boundary", formField("a", "x") + "--b", .noFinalBoundary),
        ("cut before its last hyphen", formField("a", "x") + "--b-", .noFinalBoundary),
        ("a boundary that goes on", formField("a", "x") + "--bc\r\n", .badBoundaryLine(at: 52)),
        (
            "space behind a boundary", "--b \r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--",
            .badBoundaryLine(at: 0)
        ),
        ("a bare line feed before a boundary", formField("a", "x\n--b\r\nY: 1") + "--b--", .badBoundaryLine(at: 51)),
        ("a bare carriage return before one", formField("a", "x\r--b--") + "--b--", .badBoundaryLine(at: 51)),
        (
            "no line break of its own", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--b--",
            .badBoundaryLine(at: 49)
        ),
        (
            "a bare line feed behind a boundary", "--b\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--",
            .badBoundaryLine(at: 0)
        ),
        ("text behind the end", formField("a", "x") + "--b--\r\nx", .trailingBytes(at: 59)),
        ("a form behind the end", formField("a", "x") + "--b--" + formField("model", "y"), .trailingBytes(at: 57)),
        (
            "a part behind the end", formField("a", "x") + "--b--\r\n" + formField("model", "y") + "--b--",
            .trailingBytes(at: 59)
        ),
        ("no head", "--b\r\n\r\nx\r\n--b--", .badDisposition(at: 5)),
        ("no name", formBody("--b", "Content-Disposition: form-data", "", "x", "--b--"), .badDisposition(at: 5)),
        (
            "an empty name", formBody("--b", #"Content-Disposition: form-data; name="""#, "", "x", "--b--"),
            .badDisposition(at: 5)
        ),
        (
            "two names", formBody("--b", "Content-Disposition: form-data; name=a; name=b", "", "x", "--b--"),
            .badDisposition(at: 5)
        ),
        (
            "a name in code",
            formBody("--b", "Content-Disposition: form-data; name=a; name*=utf-8''model", "", "x", "--b--"),
            .badDisposition(at: 5)
        ),
        (
            "a name in pieces",
            formBody("--b", "Content-Disposition: form-data; name=a; name*0=mod; name*1=el", "", "x", "--b--"),
            .badDisposition(at: 5)
        ),
        (
            "an attachment", formBody("--b", "Content-Disposition: attachment; name=a", "", "x", "--b--"),
            .badDisposition(at: 5)
        ),
        (
            "two dispositions",
            formBody(
                "--b", "Content-Disposition: form-data; name=a", "content-disposition: form-data; name=b", "", "x",
                "--b--"), .badDisposition(at: 5)
        ),
        (
            "an escaped quote",
            formBody("--b", #"Content-Disposition: form-data; name="a"; filename="\"; name="model""#, "", "x", "--b--"),
            .badDisposition(at: 5)
        ),
        (
            "an escape in the name",
            formBody("--b", #"Content-Disposition: form-data; name="mo\del""#, "", "x", "--b--"),
            .badDisposition(at: 5)
        ),
        (
            "a file name in code alone",
            formBody("--b", "Content-Disposition: form-data; name=a; filename*=utf-8''f", "", "x", "--b--"),
            .badDisposition(at: 5)
        ),
        (
            "a folded head", formBody("--b", "Content-Disposition: form-data;", " name=a", "", "x", "--b--"),
            .badHeader(at: 38)
        ),
        (
            "space before the colon", formBody("--b", "Content-Disposition : form-data; name=a", "", "x", "--b--"),
            .badHeader(at: 5)
        ),
        ("no colon", formBody("--b", "Content-Disposition", "", "x", "--b--"), .badHeader(at: 5)),
        (
            "a bare line feed in the head", "--b\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\nx\r\n--b--",
            .badHeader(at: 5)
        ),
        (
            "a bare carriage return in it", "--b\r\nContent-Disposition: form-data; name=a\rX: y\r\n\r\nx\r\n--b--",
            .badHeader(at: 5)
        ),
        (
            "a zero byte in it", "--b\r\nContent-Disposition: form-data; name=\"a\u{0}\"\r\n\r\nx\r\n--b--",
            .badHeader(at: 5)
        ),
        (
            "two types",
            formBody(
                "--b", "Content-Disposition: form-data; name=a", "Content-Type: a/b", "Content-Type: a/c", "", "x",
                "--b--"), .badHeader(at: 64)
        ),
        (
            "an encoded part",
            formBody(
                "--b", "Content-Disposition: form-data; name=a", "Content-Transfer-Encoding: base64", "", "eA==",
                "--b--"), .encodedPart(at: 45)
        ),
        (
            "a field of another character set",
            formBody(
                "--b", "Content-Disposition: form-data; name=a", "Content-Type: text/plain; charset=utf-16", "", "x",
                "--b--"), .charset
        ),
        ("another default for all", formField("_charset_", "utf-7") + "--b--", .charset),
    ])
    func whatTwoParsersMightReadDifferentlyIsRefused(_ name: String, _ body: String, _ error: MultipartError) {
        #expect(throws: error, "\(name)") { try formParts(body) }
    }

    @Test func limitsHold() throws {
        let limits = MultipartLimits(maximumParts: 2, maximumHeadBytes: 100, maximumHeaders: 2)
        #expect(try formParts(formField("a", "1") + formField("b", "2") + "--b--", limits: limits).count == 2)
        #expect(throws: MultipartError.tooManyParts) {
            try formParts(formField("a", "1") + formField("b", "2") + formField("c", "3") + "--b--", limits: limits)
        }
        let long = "X-Long: " + String(repeating: "y", count: 100)
        #expect(throws: MultipartError.headTooLarge(at: 5)) {
            try formParts(
                formBody("--b", long, "Content-Disposition: form-data; name=a", "", "x", "--b--"), limits: limits)
        }
        #expect(throws: MultipartError.headTooLarge(at: 5)) {
            try formParts(formBody("--b", "A: 1", "B: 2", "C: 3", "", "x", "--b--"), limits: limits)
        }
    }

    @Test func partsAreFoundByTheirNames() throws {
        let body = ByteBuffer(
            string: formFile("image[]", "1") + formField("model", "m") + formFile("image[]", "2") + "--b--")
        let boundary = try #require(MultipartBoundary(Array("b".utf8)))
        try body.withUnsafeReadableBytes { bytes in
            let index = try MultipartIndex(bytes, boundary: boundary)
            #expect(index.part("model", in: bytes) == index.parts[1])
            #expect(index.part("Model", in: bytes) == nil)
            #expect(index.firstDuplicate("image[]", in: bytes) == index.parts[2])
            #expect(index.firstDuplicate("model", in: bytes) == nil)
            #expect(index.text(index.parts[1], in: bytes) == "m")
            #expect(index.part("model", in: UnsafeRawBufferPointer(rebasing: bytes[..<20])) == nil)
            #expect(index.parts.first?.span.lowerBound == 0)
            #expect(index.parts.last?.span.upperBound == body.readableBytes - 7)
        }
    }

    /// Wherever a body is cut, it is refused, but where only the last line break is missing.
    @Test func aBodyCutAnywhereIsRefused() throws {
        let whole = Array((formFile("file", "a\r\n-\r\n--c\r\n") + formField("model", "m") + "--b--\r\n").utf8)
        for end in 0..<whole.count {
            let cut = ByteBuffer(bytes: whole[..<end])
            if end == whole.count - 2 {
                #expect(try formParts(cut).count == 2)
            } else {
                #expect(throws: MultipartError.self, "cut at \(end)") { try formParts(cut) }
            }
        }
    }

    /// Every offset of a boundary within the blocks that are scanned at once.
    @Test func boundariesAreFoundWhereverTheyStand() throws {
        for padding in 0..<70 {
            let content = String(repeating: "-", count: padding)
            #expect(
                try formParts(formField("a", content) + formField("b", "x") + "--b--") == [
                    ToldPart("a", content), ToldPart("b", "x"),
                ])
        }
    }

    /// A megabyte of what looks like boundaries takes about as long for each byte as a tenth of it.
    @Test(arguments: ["\r\n--", "\n-", "-", "\r\n--bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "\r\n"])
    func hostileContentTakesLinearTime(_ unit: String) throws {
        let boundary = String(repeating: "b", count: 69) + "c"
        let line = "--" + boundary
        func measure(_ count: Int) throws -> Duration {
            let content = String(repeating: unit, count: count / unit.utf8.count)
            let body = ByteBuffer(
                string: formBody(line, "Content-Disposition: form-data; name=a", "", content, line + "--"))
            let clock = ContinuousClock()
            return try (0..<3).map { _ in
                try clock.measure { _ = try formParts(body, boundary: boundary) }
            }.min() ?? .zero
        }
        let small = try measure(100_000)
        let large = try measure(1_000_000)
        #expect(large < small * 40 + .milliseconds(20), "\(small) for 100 KB, \(large) for 1 MB")
    }

    @Test func mutatedFormsAreReadOrRefused() throws {
        let seed: UInt64 = 0x6d75_6c74_6970_6172
        var random = SeededGenerator(seed: seed)
        let whole = Array(
            (formFile("file", "\u{0}\r\n--\r\nabc") + formField("model", "m") + formField("stream", "true")
                + "--b--\r\n").utf8)
        let alphabet = Array("\r\n-b\";=: *\\aF\u{0}".utf8)
        for round in 0..<5_000 {
            let bytes = random.mutate(whole, alphabet: alphabet)
            do throws(MultipartError) {
                let told = try formParts(ByteBuffer(bytes: bytes))
                #expect(told.allSatisfy { !$0.name.isEmpty }, "seed \(seed), round \(round)")
            } catch {
                if case .invalid(_, let message) = RequestError(error) {
                    #expect(!message.isEmpty, "seed \(seed), round \(round)")
                }
            }
        }
    }
}
