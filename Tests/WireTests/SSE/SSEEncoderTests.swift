import NIOCore
import Testing

@testable import Wire

@Suite struct SSEEncoderTests {
    @Test(arguments: [
        ("one line", "[DONE]", "data: [DONE]\n\n"), ("nothing", "", "data: \n\n"),
        ("two lines", "a\nb", "data: a\ndata: b\n\n"),
        ("all endings", "a\rb\r\nc\n", "data: a\ndata: b\ndata: c\ndata: \n\n"),
        ("an event in it", "a\n\ndata: b", "data: a\ndata: \ndata: data: b\n\n"),
    ])
    func writesDataNoContentCanBreak(name: String, data: String, expected: String) throws {
        var text = ByteBuffer()
        SSEEncoder.write(data: data, into: &text)
        #expect(String(buffer: text) == expected)
        var same = ByteBuffer()
        SSEEncoder.write(data: ByteBuffer(string: data), into: &same)
        #expect(same == text)
        let lines = data.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        #expect(try SSEDecoderTests.decode([Array(text.readableBytesView)]).map { String(buffer: $0.data) } == [lines])
    }

    @Test func writesNamesCommentsAndJSON() throws {
        var buffer = ByteBuffer(string: "x")
        SSEEncoder.write(event: "a\nb", data: "1", into: &buffer)
        SSEEncoder.write(comment: "keep\nalive", into: &buffer)
        SSEEncoder.write(comment: "", into: &buffer)
        SSEEncoder.write(event: "error", json: { $0.object { $0.member("message", "a\nb") } }, into: &buffer)
        #expect(
            String(buffer: buffer)
                == "xevent: a b\ndata: 1\n\n: keep\n: alive\n\n: \n\nevent: error\ndata: {\"message\":\"a\\nb\"}\n\n")
    }
}
