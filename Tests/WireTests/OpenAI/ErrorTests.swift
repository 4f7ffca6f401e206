import NIOCore
import Testing
import Wire

struct ErrorBodyTests {
    @Test func theBodyIsOpenAIs() {
        var buffer = ByteBuffer(string: "x")
        ErrorBody.write(message: "a \"b\"\n", type: "t", param: nil, code: "c", to: &buffer)
        #expect(String(buffer: buffer) == #"x{"error":{"message":"a \"b\"\n","type":"t","param":null,"code":"c"}}"#)
    }

    @Test func theEventIsOneLineOfData() {
        var buffer = ByteBuffer()
        ErrorBody.writeEvent(message: "a\nb", type: "t", param: "p", code: nil, to: &buffer)
        #expect(
            String(buffer: buffer) == "data: " + #"{"error":{"message":"a\nb","type":"t","param":"p","code":null}}"#
                + "\n\n")
    }
}

struct UpstreamErrorReaderTests {
    static func read(_ text: String) -> UpstreamError {
        var index = JSONIndex()
        return UpstreamErrorReader.read(ByteBuffer(string: text), index: &index)
    }

    @Test(arguments: [
        (
            "OpenAI's",
            #"{"error":{"message":"Rate limit","type":"rate_limit_error","param":"model","code":"rate_limit_exceeded"}}"#,
            UpstreamError(message: "Rate limit", type: "rate_limit_error", code: "rate_limit_exceeded", param: "model")
        ),
        ("a numeric code", #"{"error":{"message":"m","code":429}}"#, UpstreamError(message: "m", code: "429")),
        (
            "Gemini's, in an array", #"[{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}]"#,
            UpstreamError(message: "m", type: "RESOURCE_EXHAUSTED", code: "429")
        ),
        ("a text", #"{"error":"model not found"}"#, UpstreamError(message: "model not found")),
        (
            "DashScope's", #"{"code":"Throttling.RateQuota","message":"m","request_id":"r"}"#,
            UpstreamError(message: "m", code: "Throttling.RateQuota")
        ),
        ("a Python server's", #"{"detail":"Not Found"}"#, UpstreamError(message: "Not Found")),
        ("detail that is no text", #"{"detail":[{"loc":[]}]}"#, UpstreamError()),
        ("a JSON text", #""boom""#, UpstreamError(message: "boom")),
        ("plain text", "\nupstream\ttimed out", UpstreamError(message: "upstream timed out")),
        ("a page", "  <html><body>502</body></html>", UpstreamError()),
        ("cut JSON", #"{"error":{"message":"m""#, UpstreamError()),
        ("nothing", "", UpstreamError()),
        ("an empty array", "[]", UpstreamError()),
        ("empty texts", #"{"error":{"message":"","code":null}}"#, UpstreamError()),
        ("a number", "5", UpstreamError()),
    ])
    func everyVendorsBodyIsRead(_ name: String, _ text: String, _ expected: UpstreamError) {
        #expect(Self.read(text) == expected, "\(name)")
    }

    @Test(arguments: [false, true])
    func longTextsAreCutBetweenCharacters(_ isPlain: Bool) throws {
        let long = String(repeating: "aé漢", count: 1_000)
        let error = Self.read(isPlain ? long : #"{"error":{"message":""# + long + #""}}"#)
        let message = try #require(error.message)
        #expect(
            message.utf8.count <= UpstreamError.maximumTextBytes
                && message.utf8.count > UpstreamError.maximumTextBytes - 4)
        #expect(long.hasPrefix(message))
    }
}
