import DataPlane
import NIOCore
import Testing

struct HTTP1WriterTests {
    @Test(
        arguments: [
            (200, "200 OK"), (400, "400 Bad Request"), (401, "401 Unauthorized"), (402, "402 Payment Required"),
            (403, "403 Forbidden"), (404, "404 Not Found"), (405, "405 Method Not Allowed"),
            (408, "408 Request Timeout"),
            (409, "409 Conflict"), (413, "413 Content Too Large"), (414, "414 URI Too Long"),
            (417, "417 Expectation Failed"), (422, "422 Unprocessable Content"), (429, "429 Too Many Requests"),
            (431, "431 Request Header Fields Too Large"), (500, "500 Internal Server Error"),
            (501, "501 Not Implemented"),
            (502, "502 Bad Gateway"), (503, "503 Service Unavailable"), (504, "504 Gateway Timeout"),
            (505, "505 HTTP Version Not Supported"), (201, "201 Status"), (529, "529 Status"), (99, "100 Status"),
            (-1, "100 Status"), (Int.min, "100 Status"), (1000, "999 Status"), (Int.max, "999 Status"),
        ])
    func statusLineIsWhole(_ status: Int, line: String) {
        #expect(written { HTTP1Writer.writeStatusLine(status, to: &$0) } == "HTTP/1.1 \(line)\r\n")
    }

    @Test(arguments: 200...599)
    func statusLineIsReadBack(_ status: Int) throws {
        let line = written { HTTP1Writer.writeStatusLine(status, to: &$0) }
        let transcript = ResponseTranscript(rawBytes(line + "Content-Length: 0\r\n\r\n"))
        guard case .head(let head)? = transcript.entries.first else { return #expect(transcript.error == nil) }
        #expect(head.status == status)
    }

    @Test func chunkHeaderIsTheSizeInHexadecimal() {
        var sizes = Array(1...70_000)
        for shift in 0..<31 { sizes += [(1 << shift), (1 << shift) + 1, (2 << shift) - 1] }
        sizes += [0x7FFF_FFFF, Int.max, Int.max - 1, 1 << 60]
        var generator = SeededGenerator(seed: 7)
        sizes += (0..<1000).map { _ in Int.random(in: 1...Int.max, using: &generator) }
        let wrong = sizes.filter { size in
            written { HTTP1Writer.writeChunkHeader(size, to: &$0) } != String(size, radix: 16) + "\r\n"
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test(arguments: [1, 2, 9, 10, 15, 16, 17, 255, 256, 4095, 4096, 65_535, 65_536])
    func chunkIsReadBack(_ size: Int) {
        let data = String(repeating: "x", count: size)
        let header = written { HTTP1Writer.writeChunkHeader(size, to: &$0) }
        let transcript = RequestTranscript(rawBytes(chunkedText(header + data + "\r\n0\r\n\r\n")))
        #expect(transcript.hasEnd)
        #expect(transcript.bodies.count == size)
    }

    @Test func decimalIsWhatStringWouldSay() {
        var values = Array(-1100...1100) + [Int.min, Int.min + 1, Int.max, Int.max - 1]
        var power = 1
        for _ in 0..<18 {
            power *= 10
            values += [power, power - 1, power + 1, -power, 1 - power, -1 - power]
        }
        var generator = SeededGenerator(seed: 11)
        values += (0..<1000).map { _ in Int.random(in: Int.min...Int.max, using: &generator) }
        let wrong = values.filter { value in
            written { HTTP1Writer.writeDecimal(value, to: &$0) } != String(value)
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test func writingAppends() {
        let text = written { buffer in
            HTTP1Writer.writeStatusLine(404, to: &buffer)
            HTTP1Writer.writeContentLength(0, to: &buffer)
            HTTP1Writer.writeContentLength(1234, to: &buffer)
            HTTP1Writer.writeChunkHeader(26, to: &buffer)
        }
        #expect(text == "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\ncontent-length: 1234\r\n1a\r\n")
    }

    private func written(_ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        write(&buffer)
        return String(buffer: buffer)
    }
}
