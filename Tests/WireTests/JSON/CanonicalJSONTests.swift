import NIOCore
import Testing

@testable import Wire

@Suite struct CanonicalJSONTests {
    /// The canonical spelling; nil where the text is left as it is.
    static func canonical(_ text: String, _ order: CanonicalJSON.KeyOrder = .sorted) throws -> String? {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var index = JSONIndex()
            try index.read(bytes)
            let json = CanonicalJSON(bytes, index: index)
            var buffer = ByteBuffer()
            let isWritten = json.write(0, order, into: &buffer)
            #expect(isWritten || buffer.readableBytes == 0)
            let spelled = isWritten ? String(buffer: buffer) : nil
            #expect(json.isCanonical(0, order) == (spelled == text.trimmed), "\(text)")
            return spelled
        }
    }

    @Test func theVectorsPass() throws {
        let outputs = try Corpus.files("canonical-json/outhex")
        let inputs = try Corpus.files("canonical-json/input")
        #expect(inputs.count == 6 && outputs.count == inputs.count)
        for (input, output) in zip(inputs, outputs) {
            let expected = String(decoding: output.bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
                .compactMap { UInt8($0, radix: 16) }
            let given = try Self.canonical(String(decoding: input.bytes, as: UTF8.self))
            #expect(given == String(decoding: expected, as: UTF8.self), "\(input.name)")
        }
    }

    @Test(arguments: [
        ("keys by UTF-16", "{\"\u{FB33}\":1,\"😀\":2,\"é\":3,\"a\":4,\"\":5}", "{\"\":5,\"a\":4,\"é\":3,\"😀\":2,\"\u{FB33}\":1}"),
        ("a key and a longer one", #"{"ab":1,"a":2}"#, #"{"a":2,"ab":1}"#),
        ("white space", " [ 1 , { \"b\" : [ ] , \"a\" : { } } ]\n", #"[1,{"a":{},"b":[]}]"#),
        ("escapes", #""\u0041\/\u000a\u001F\u00e9\ud83d\ude00\"\\\t""#, "\"A/\\n\\u001fé😀\\\"\\\\\\t\""),
        ("an escaped key", #"{"b":1,"\u0061":2}"#, #"{"a":2,"b":1}"#),
        ("many keys", "{" + (0..<40).reversed().map { "\"k\(1000 + $0)\":0" }.joined(separator: ",") + "}",
            "{" + (0..<40).map { "\"k\(1000 + $0)\":0" }.joined(separator: ",") + "}"),
    ])
    func spellsOneWay(_ name: String, _ text: String, _ expected: String) throws {
        #expect(try Self.canonical(text) == expected, "\(name)")
        #expect(try Self.canonical(expected) == expected, "\(name), once more")
    }

    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("0e9", "0"), ("1.0", "1"), ("1.50", "1.5"), ("-1.5E2", "-150"), ("1e21", "1e+21"),
        ("1e20", "100000000000000000000"), ("123e-7", "0.0000123"), ("0.000001", "0.000001"), ("0.0000001", "1e-7"),
        ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"), ("333333333.33333329", "333333333.3333333"),
        ("9007199254740991", "9007199254740991"), ("1.25000000000000000000", "1.25"), ("0.1", "0.1"), ("123456.789", "123456.789"),
        ("10.0e1", "100"), ("4.35", "4.35"),
    ])
    func numbersAreECMAScripts(_ text: String, _ expected: String) throws {
        #expect(try Self.canonical(text) == expected)
    }

    @Test(arguments: [
        "9007199254740993", "-123456789012345678901234567890", "0.123456789012345678", "1e400", "-2.5e-400",
        "3.14159265358979323846",
    ])
    func whatADoubleWouldNotHoldKeepsItsSpelling(_ text: String) throws {
        #expect(try Self.canonical(text) == text)
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, #"[{"b":{"x":1,"\u0078":2}}]"#, #"["\ud800"]"#, #"{"\udc00":1}"#, #""\ud83dx""#, #""\ud83d\u0041""#,
    ])
    func whatCanBeReadTwoWaysIsNotRespelled(_ text: String) throws {
        #expect(try Self.canonical(text) == nil)
    }

    @Test func theOrderOfKeysCanBeKept() throws {
        #expect(
            try Self.canonical(#"{ "b" : 1.0, "a" : "\u0041", "b" : [ ] }"#, .kept) == #"{"b":1.0,"a":"A","b":[]}"#)
    }

    /// Whatever is written reads as the same value, and is not written otherwise again.
    @Test(arguments: 0..<400 as Range<UInt64>)
    func theMeaningStays(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let text = Self.value(&random, depth: 4)
        let spelled = try #require(try Self.canonical(text), "seed \(seed): \(text)")
        #expect(try Self.canonical(spelled) == spelled, "seed \(seed)")
        let shuffled = try #require(try Self.canonical(Self.respaced(text, &random)), "seed \(seed)")
        #expect(shuffled == spelled, "seed \(seed): \(text)")
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: return ["0", "-1", "1.5", "2E3", "1e-9", "12.50"].randomElement(using: &random) ?? "0"
        case 1: return ["true", "false", "null"].randomElement(using: &random) ?? "null"
        case 2, 3: return "\"" + string(&random) + "\""
        case 4: return "[" + (0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth - 1) }.joined(separator: ",") + "]"
        default:
            let keys = (0..<Int.random(in: 0...20, using: &random)).map { "\(string(&random))\($0)" }
            return "{" + keys.map { "\"\($0)\":" + value(&random, depth: depth - 1) }.joined(separator: ",") + "}"
        }
    }

    private static func string(_ random: inout SeededGenerator) -> String {
        let pieces = ["a", "B", "é", "漢", "😀", "\u{FB33}", #"\n"#, #"\u00e9"#, #"\ud83d\ude00"#, #"\/"#, #"\""#, #"\u0007"#]
        return (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    /// White space around commas and brackets outside strings.
    private static func respaced(_ text: String, _ random: inout SeededGenerator) -> String {
        var result = ""
        var isInString = false
        var isEscaped = false
        for character in text {
            result.append(character)
            if isInString {
                if isEscaped { isEscaped = false } else if character == "\\" { isEscaped = true } else if character == "\"" { isInString = false }
            } else if character == "\"" {
                isInString = true
            } else if "[]{},:".contains(character) {
                result += ["", " ", "\n\t"].randomElement(using: &random) ?? ""
            }
        }
        return result
    }
}

extension String {
    /// Without the white space around the value.
    fileprivate var trimmed: String {
        var slice = self[...]
        while slice.last?.isWhitespace ?? false { slice.removeLast() }
        while slice.first?.isWhitespace ?? false { slice.removeFirst() }
        return String(slice)
    }
}

@Suite struct CanonicalTextTests {
    private static func respelled(_ inner: String) throws -> String? {
        var buffer = ByteBuffer()
        JSONEscape.write(inner, into: &buffer)
        return try respelled(quoted: String(buffer: buffer))
    }

    private static func respelled(quoted: String) throws -> String? {
        try Array(quoted.utf8).withUnsafeBytes { bytes in
            var index = JSONIndex()
            var scratch = JSONIndex()
            try index.read(bytes)
            guard let text = CanonicalText.respelled(0, of: index, in: bytes, scratch: &scratch) else { return nil }
            return try text.withUnsafeReadableBytes { bytes in
                try index.read(bytes)
                return index.string(0, in: bytes)
            }
        }
    }

    @Test(arguments: [
        (#"{"b": 1, "a": 2}"#, #"{"a":2,"b":1}"#), (#" {}"#, "{}"), (#"{"a":"\/"}"#, #"{"a":"/"}"#), (#"{"a":1.0}"#, #"{"a":1}"#),
        (#"{"b":"\"\\\n","a":{"z":[1, 2]}}"#, #"{"a":{"z":[1,2]},"b":"\"\\\n"}"#), (#"{"a":-0}"#, #"{"a":0}"#),
    ])
    func objectsAreRespelled(_ text: String, _ expected: String) throws {
        #expect(try Self.respelled(text) == expected)
    }

    @Test(arguments: [
        #"{"a":2,"b":1}"#, "{}", #"{"a":[{"x":"\"\\\n\u0001é😀漢"},[],-12,0,true,false,null]}"#, "", "[2, 1]", "no JSON", "{\"a\":",
        #"{"a":1, "a":2}"#, #"{"a" :"\ud800"}"#, #"{"a":0.5}"#, "\u{1}", #"{"a":"é","é":1,"漢":2}"#,
    ])
    func whatIsRightOrNoObjectStays(_ text: String) throws {
        #expect(try Self.respelled(text) == nil)
    }

    @Test(arguments: [
        (#""{\u0022a\u0022:1}""#, #"{"a":1}"#), (#""{\"a\":\"\u00e9\"}""#, #"{"a":"é"}"#), (#""\u007b}""#, "{}"),
        (#""{\"a\":\"b\/c\"}""#, #"{"a":"b/c"}"#), (#""{\"a\":\"\\u0022\"}""#, #"{"a":"\""}"#),
    ])
    func anotherEscapingOfTheSameTextIsAnotherSpelling(_ quoted: String, _ expected: String) throws {
        #expect(try Self.respelled(quoted: quoted) == expected)
    }

    @Test(arguments: [#""{\"a\":\"\ud800\"}""#, #""{ \"a\":\"\ud800\"}""#])
    func halfASurrogatePairStays(_ quoted: String) throws {
        #expect(try Self.respelled(quoted: quoted) == nil)
    }

    /// The look through the escapes and the reading of the text say the same.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func theGlanceAgreesWithTheReading(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array(#"{}[]:,"\n1-0truefalsnl é"#)
        var text = ["{\"a\":1,\"b\":[\"x\",null]}", "{\"k\":{\"a\":\"\\n\"}}", "{\"a\":-1,\"b\":\"é\"}"].randomElement(using: &random) ?? ""
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            var characters = Array(text)
            let place = Int.random(in: 0..<characters.count, using: &random)
            characters[place] = alphabet.randomElement(using: &random) ?? "x"
            text = String(characters)
        }
        var buffer = ByteBuffer()
        JSONEscape.write(text, into: &buffer)
        let isCanonical = buffer.withUnsafeReadableBytes { bytes in
            CanonicalTextScan.isCanonicalObject(UnsafeRawBufferPointer(rebasing: bytes[1..<(bytes.count - 1)]))
        }
        if isCanonical { #expect(try CanonicalJSONTests.canonical(text) == text, "seed \(seed): \(text)") }
    }
}

@Suite struct JSONPlacesTests {
    @Test func everyNodeIsFoundWhereItBegins() throws {
        let text = #"{"a": [1, {"b": "c"}], "d": {}}"#
        try Array(text.utf8).withUnsafeBytes { bytes in
            var index = JSONIndex()
            try index.read(bytes)
            let starts = (0..<index.count).map { index.span($0).lowerBound }
            for offset in -1...(text.utf8.count + 1) { #expect(index.node(at: offset) == starts.firstIndex(of: offset), "\(offset)") }
        }
    }

    @Test func aPartOfAnEditedTextIsCutOut() throws {
        let text = Array("0123456789".utf8)
        var edits = JSONEdits()
        try edits.replace(span: 2..<4, with: "ab" as String)
        try edits.insert(at: 6, "<" as String)
        try edits.remove(span: 7..<9)
        func part(_ span: Range<Int>, _ gaps: [Range<Int>] = []) -> String {
            var buffer = ByteBuffer()
            text.withUnsafeBytes { edits.apply(to: $0, in: span, without: gaps[...], into: &buffer) }
            return String(buffer: buffer)
        }
        #expect(part(0..<10) == "01ab45<69" && part(4..<6) == "45<" && part(6..<7) == "<6" && part(3..<8) == "345<67")
        #expect(part(0..<10, [0..<1, 4..<6]) == "1ab<69" && part(2..<2) == "" && part(9..<20) == "9")
        #expect(edits.changes(2..<4) && edits.changes(5..<6) && !edits.changes(4..<5) && !edits.changes(7..<8))
    }
}
