import NIOCore
import Testing

@testable import Wire

@Suite struct JSONIndexTests {
    private static let chat =
        #"{"model":"m","messages":[{"role":"user","content":"hi"},[]], "n" : 12 ,"stream":true,"k\u0065y":null}"#

    @Test func ordersNodesAsTheTextDoes() throws {
        try indexed(Self.chat) { index, bytes in
            let texts = (0..<index.count).map { String(decoding: index.text(index[$0], in: bytes), as: UTF8.self) }
            #expect(texts.first == Self.chat)
            #expect(texts[1...4] == [#""model""#, #""m""#, #""messages""#, #"[{"role":"user","content":"hi"},[]]"#])
            #expect(index[0].next == UInt32(index.count))
            #expect(index.kind(of: 0) == .object)
            #expect(
                index.members(of: 0).map { index.string($0.key, in: bytes) } == [
                    "model", "messages", "n", "stream", "key",
                ])
            let messages = try #require(index.member("messages", of: 0, in: bytes))
            #expect(index.elements(of: messages).map { index.kind(of: $0) } == [.object, .array])
            #expect(index.childCount(of: messages) == 2)
        }
    }

    @Test func findsMembersByWhatTheirKeysMean() throws {
        try indexed(Self.chat) { index, bytes in
            #expect(index.member("n", of: 0, in: bytes).flatMap { index.int64($0, in: bytes) } == 12)
            #expect(index.member("stream", of: 0, in: bytes).flatMap { index.bool($0) } == true)
            #expect(index.member("key", of: 0, in: bytes).map { index.kind(of: $0) } == .null)
            #expect(index.member("mode", of: 0, in: bytes) == nil)
            #expect(index.member("models", of: 0, in: bytes) == nil)
            #expect(index.member("", of: 0, in: bytes) == nil)
            #expect(index.member("model", of: 1, in: bytes) == nil)
        }
        let first = try indexed(#"{"a":1,"a":2}"#) { index, bytes in index.member("a", of: 0, in: bytes) }
        #expect(first == 2)
    }

    @Test func answersForNodesThatDoNotExist() throws {
        try indexed("[1]") { index, bytes in
            for missing in [-1, 2, Int.min, Int.max] {
                #expect(index[missing] == .absent)
                #expect(index.span(missing) == 0..<0)
                #expect(
                    index.string(missing, in: bytes) == nil && index.int64(missing, in: bytes) == nil
                        && index.bool(missing) == nil)
                #expect(
                    index.member("a", of: missing, in: bytes) == nil
                        && index.firstDuplicateKey(of: missing, in: bytes) == nil)
                #expect(Array(index.elements(of: missing)).isEmpty && Array(index.members(of: missing)).isEmpty)
            }
        }
        #expect(JSONIndex().count == 0)
    }

    @Test func readsNothingOutsideBytesThatAreNotTheIndexedOnes() throws {
        try indexed(#"{"some key":"some value","other":123}"#) { index, _ in
            let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
            #expect(
                index.string(1, in: nothing) == nil && index.int64(4, in: nothing) == nil
                    && index.double(4, in: nothing) == nil)
            #expect(
                index.member("some key", of: 0, in: nothing) == nil
                    && index.firstDuplicateKey(of: 0, in: nothing) == nil)
        }
    }

    @Test func isEmptyAfterAFailedRead() throws {
        var index = JSONIndex()
        try index.read(Array("[1,2,3]".utf8)) { index, _ in #expect(index.count == 4) }
        #expect(throws: JSONError.invalid(at: 1)) { try index.read(Array("[".utf8)) { _, _ in } }
        #expect(index.count == 0 && index.kind(of: 0) == .null)
    }

    @Test func copiesAreIndependent() throws {
        var index = JSONIndex()
        try index.read(Array("[1,2,3]".utf8)) { _, _ in }
        let copy = index
        try index.read(Array("{}".utf8)) { _, _ in }
        #expect(copy.count == 4 && copy.kind(of: 0) == .array)
        #expect(index.count == 1 && index.kind(of: 0) == .object)
        index.clear()
        #expect(index.count == 0 && copy.count == 4)
    }

    @Test func growsForAGiantTextAndGivesTheMemoryBack() throws {
        let storage = JSONNodeStorage()
        #expect(storage.capacity == JSONNodeStorage.initialCapacity)
        var index = JSONIndex()
        let giant = Array(("[" + String(repeating: "1,", count: 300_000) + "2]").utf8)
        try index.read(giant) { index, _ in #expect(index.count == 300_002 && index[300_001].next == 300_002) }
        #expect(index.capacity > JSONNodeStorage.retainedCapacity)
        try index.read(Array("[1]".utf8)) { _, _ in }
        #expect(index.capacity == JSONNodeStorage.retainedCapacity)
        try index.read(giant) { _, _ in }
        index.clear()
        #expect(index.capacity == JSONNodeStorage.retainedCapacity)
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\n\t\"\\\/\b\f\r""#, "a\n\t\"\\/\u{8}\u{C}\r"), (#""\u00e9\u4f60""#, "é你"),
        (#""\ud83d\ude00!""#, "😀!"),
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""\ud83d\n""#, "\u{FFFD}\n"),
        (#""\u0000a""#, "\u{0}a"), (#""é\\u0041""#, "é\\u0041"), (#""\uFFFF\uDBFF\uDFFF""#, "\u{FFFF}\u{10FFFF}"),
    ])
    func decodesStrings(text: String, meaning: String) throws {
        try indexed("[\(text)]") { index, bytes in
            #expect(index.string(1, in: bytes) == meaning)
            #expect(index.stringEquals(1, meaning, in: bytes))
            #expect(!index.stringEquals(1, meaning + "x", in: bytes))
            var buffer = ByteBuffer()
            #expect(index.appendString(1, in: bytes, to: &buffer) == meaning.utf8.count)
            #expect(String(buffer: buffer) == meaning)
            #expect(index.string(0, in: bytes) == nil && index.appendString(0, in: bytes, to: &buffer) == nil)
            #expect(index[1].hasEscapes == text.contains("\\"))
        }
        try indexed(#"["user","us\u0065r"]"#) { index, bytes in
            #expect(
                index.stringEquals(1, "user" as StaticString, in: bytes)
                    && index.stringEquals(2, "user" as StaticString, in: bytes))
            #expect(
                !index.stringEquals(1, "use" as StaticString, in: bytes)
                    && !index.stringEquals(2, "users" as StaticString, in: bytes))
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("-0.0", 0), ("7", 7), ("-12", -12), ("12.0", 12), ("1e3", 1000), ("1.5e1", 15),
            ("1200e-2", 12), ("1.5", nil),
            ("1e-1", nil), ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
            ("-9223372036854775809", nil),
            ("1e18", 1_000_000_000_000_000_000), ("1e19", nil), ("0e999999999999999999999", 0),
            ("1e999999999999999999999", nil), ("1e-99999999999999999999", nil),
            ("100000000000000000000000e-20", 1000), ("0.00000000000000000000000012e26", 12),
            ("123456789012345678", 123_456_789_012_345_678),
            ("18446744073709551616", nil), ("922337203685477580.7e1", .max), ("0.1e1", 1),
            ("1000000000000000000000", nil),
        ] as [(String, Int64?)])
    func readsIntegersWithoutRounding(text: String, value: Int64?) throws {
        #expect(try indexed(text) { index, bytes in index.int64(0, in: bytes) } == value)
    }

    @Test func readsDoubles() throws {
        #expect(try indexed("0.70") { index, bytes in index.double(0, in: bytes) } == 0.7)
        #expect(try indexed("-1E2") { index, bytes in index.double(0, in: bytes) } == -100)
        #expect(try indexed("1e400") { index, bytes in index.double(0, in: bytes) } == nil)
        #expect(try indexed("\"1\"") { index, bytes in index.double(0, in: bytes) } == nil)
    }

    @Test func findsKeysThatMeanTheSame() throws {
        func duplicate(_ keys: [String]) throws -> Int? {
            let text = "{" + keys.map { "\"\($0)\":[0]" }.joined(separator: ",") + "}"
            return try indexed(text) { index, bytes in index.firstDuplicateKey(of: 0, in: bytes).map { ($0 - 1) / 3 } }
        }
        #expect(try duplicate([]) == nil && duplicate(["a", "b", "aa"]) == nil)
        #expect(try duplicate(["a", "b", "a", "b"]) == 2)
        #expect(try duplicate(["model", "\\u006dodel"]) == 1)
        let many = (0..<5000).map { "key\($0)" }
        #expect(try duplicate(many) == nil)
        #expect(try duplicate(many + ["k\\u0065y4999"]) == 5000)
        #expect(try duplicate(["\\u006bey17"] + many) == 18)
        #expect(try indexed("[1,1]") { index, bytes in index.firstDuplicateKey(of: 0, in: bytes) } == nil)
    }
}
