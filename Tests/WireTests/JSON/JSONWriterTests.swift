import NIOCore
import Testing

@testable import Wire

@Suite struct JSONWriterTests {
    @Test func placesCommasAndColons() {
        var buffer = ByteBuffer(string: "data: ")
        JSONWriter.write(into: &buffer) { json in
            json.object { json in
                json.object("error") { json in
                    json.member("message", "no \"key\"")
                    json.member("param", nil)
                    json.member("code", 401)
                    json.member("ok", false)
                }
                json.array("list") { json in
                    json.integer(-1)
                    json.string("é" as String)
                    json.array { _ in }
                    json.object { _ in }
                    json.null()
                    json.raw(ByteBuffer(string: "[1, 2]"))
                }
                json.member("raw", raw: "{\"a\":1}")
                json.key("k\n" as String)
                json.bool(true)
            }
        }
        #expect(
            String(buffer: buffer)
                == #"data: {"error":{"message":"no \"key\"","param":null,"code":401,"ok":false},"#
                + #""list":[-1,"é",[],{},null,[1, 2]],"raw":{"a":1},"k\n":true}"#)
    }

    @Test(arguments: [Int64.min, -1, 0, 9, 10, 1_731_000_000, .max])
    func writesIntegers(value: Int64) {
        var writer = JSONWriter()
        writer.beginArray()
        writer.integer(value)
        writer.integer(UInt64.max)
        writer.integer(UInt8(7))
        writer.endArray()
        #expect(String(buffer: writer.buffer) == "[\(value),18446744073709551615,7]")
    }

    @Test func whatItEscapesMeansTheSame() throws {
        var text = ""
        for value in (0..<0x300).compactMap(Unicode.Scalar.init) { text.unicodeScalars.append(value) }
        text += "你好😀\u{2028}" + String(repeating: "plain ", count: 40) + "\\\"/"
        for offset in 0..<40 {
            let value = String(text.unicodeScalars.dropFirst(offset))
            var buffer = ByteBuffer()
            JSONEscape.write(value, into: &buffer)
            #expect(try indexed(String(buffer: buffer)) { index, bytes in index.string(0, in: bytes) } == value)
        }
    }

    @Test(
        arguments: [
            ([0xFF], "\u{FFFD}"), ([0x61, 0xC3], "a\u{FFFD}"), ([0xED, 0xA0, 0x80, 0x62], "\u{FFFD}\u{FFFD}\u{FFFD}b"),
            ([], ""),
            ([0xE4, 0xBD, 0xA0, 0xE4, 0xBD], "你\u{FFFD}\u{FFFD}"), ([0xF0, 0x9F, 0x98, 0x80, 0x80], "😀\u{FFFD}"),
        ] as [([UInt8], String)])
    func neverWritesWhatIsNotUTF8(bytes: [UInt8], meaning: String) throws {
        var writer = JSONWriter()
        bytes.withUnsafeBytes { writer.string(utf8: $0) }
        #expect(refusal(of: Array(writer.buffer.readableBytesView)) == nil)
        #expect(try indexed(String(buffer: writer.buffer)) { index, bytes in index.string(0, in: bytes) } == meaning)
    }

    @Test func bytesFromAnywhereBecomeValidJSON() {
        let seed: UInt64 = 0x5EED_0003
        var random = SeededGenerator(seed: seed)
        for round in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                Bool.random(using: &random) ? UInt8.random(in: .min ... .max, using: &random) : UInt8(ascii: "a")
            }
            var writer = JSONWriter()
            writer.string(ByteBuffer(bytes: bytes))
            #expect(
                ReferenceJSON.accepts(Array(writer.buffer.readableBytesView)), "seed \(seed), round \(round): \(bytes)")
        }
    }
}
