import Foundation
import Testing

@testable import ControlPlane

@Suite struct JSONReaderTests {
    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/corpora/json")

    @Test func theCorpusIsReadAsItsNamesSay() throws {
        let files =
            (try? FileManager.default.contentsOfDirectory(at: Self.corpus, includingPropertiesForKeys: nil)) ?? []
        let texts = files.filter { $0.pathExtension == "json" }
        guard texts.count > 100 else {
            Issue.record("the corpus of JSON texts is not at \(Self.corpus.path)")
            return
        }
        // A name that stands twice is valid JSON and refused here.
        let stricter: Set<String> = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"]
        for file in texts {
            let bytes = [UInt8](try Data(contentsOf: file))
            let name = file.lastPathComponent
            let isRead = (try? JSONReader.read(bytes)) != nil
            if name.hasPrefix("n_") || stricter.contains(name) { #expect(!isRead, "\(name)") }
            if name.hasPrefix("y_"), !stricter.contains(name) { #expect(isRead, "\(name)") }
        }
    }

    @Test(arguments: [
        #"{"a":[1,-0.5e+3,true,null,"é\"\\\n"],"b":{}}"#, #""\u0001""#, #""\u001f""#, "1.10", "[]",
    ])
    func textIsWrittenAsItWasRead(_ text: String) throws {
        #expect(try JSONReader.read(Array(text.utf8)).jsonText == text)
    }

    @Test func surrogatesMakeOneCharacter() throws {
        #expect(try JSONReader.read(Array(#""\ud83d\uDE42""#.utf8)) == "🙂")
        for half in [#""\ud83d""#, #""\ude42""#, #""\ud83d\u0041""#, #""\ud83dx""#] {
            #expect(throws: JSONFailure.self) { try JSONReader.read(Array(half.utf8)) }
        }
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect((try? JSONReader.read(nested(JSONReader.maximumDepth))) != nil)
        #expect((try? JSONReader.read(nested(JSONReader.maximumDepth + 1))) == nil)
    }

    @Test(
        arguments: [
            (spelling: "1", plain: "1"), ("0.10", "0.10"), ("1e3", "1000"), ("1.5e-5", "0.000015"), ("-2.5E+1", "-25"),
            ("12.34e1", "123.4"), ("12.34e2", "1234"), ("0e0", "0"), ("1e-9", "0.000000001"), ("1.0e1", "10"),
            ("100e-2", "1"), ("1e41", nil), ("1e-41", nil), ("1e9223372036854775807", nil),
            ("1e-9223372036854775808", nil), ("1e99999999999999999999", nil),
        ] as [(spelling: String, plain: String?)])
    func exponentsAreWrittenOut(_ row: (spelling: String, plain: String?)) {
        #expect(JSONNumber.plainDecimal(row.spelling) == row.plain)
    }
}
