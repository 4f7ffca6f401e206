import Testing

@testable import Simulator

struct JSONTreeTests {
    @Test(arguments: [
        (#"{"b":1,"a":[true,false,null],"c":{"z":-1.50e+3}}"#, #"{"b":1,"a":[true,false,null],"c":{"z":-1.50e+3}}"#),
        (" [ 1 , \"x\" ] ", #"[1,"x"]"#),
        (#""\u00e9\ud83d\ude00\n\u0001\/\\\"""#, "\"é😀\\n\\u0001/\\\\\\\"\""),
        (#""\ud800x""#, "\"\u{FFFD}x\""), (#""\ud800\u0041""#, "\"\u{FFFD}A\""), ("{}", "{}"), ("[]", "[]"), ("0", "0"),
    ])
    func keepsOrderAndDigits(text: String, compact: String) throws {
        #expect(try JSONTreeReader.read(text.utf8).compactText == compact)
    }

    @Test(arguments: [
        "", " ", "{", "[", "\"", "{\"a\"}", "{\"a\":1,}", "[1,]", "[1 2]", "01", "1.", ".5", "-", "1e", "tru", "nul",
        "{a:1}", "\"\u{1}\"", #""\x""#, #""\u12g4""#, #""\u12"#, "1 1", "+1", "\u{FEFF}1",
        String(repeating: "[", count: 200),
    ])
    func refusesWhatIsNoJSON(text: String) {
        #expect(throws: JSONTreeError.self) { try JSONTreeReader.read(text.utf8) }
    }

    @Test func refusesBadUTF8() {
        #expect(throws: JSONTreeError.self) { try JSONTreeReader.read([0x22, 0xC3, 0x22]) }
        #expect(throws: JSONTreeError.self) { try JSONTreeReader.read([0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test func noCutOrChangedByteBreaksIt() throws {
        let text = Array(#"{"model":"m","n":[1,-2.5e3,"é\u00e9😀",{"x":null}],"b":true}"#.utf8)
        for cut in text.indices {
            #expect(throws: JSONTreeError.self) { try JSONTreeReader.read(text[..<cut]) }
            for byte: UInt8 in [0, 0x22, 0x5C, 0x7B, 0xFF, 0x80] {
                var changed = text
                changed[cut] = byte
                _ = try? JSONTreeReader.read(changed)
            }
        }
    }
}
