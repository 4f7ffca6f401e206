import NIOCore
import Testing

@testable import Wire

@Suite struct JSONEditsTests {
    /// The edited text, three times: counted, in one buffer and in pieces.
    static func apply(_ edits: JSONEdits, to text: String) -> String {
        var buffer = ByteBuffer()
        Array(text.utf8).withUnsafeBytes { edits.apply(to: $0, into: &buffer) }
        #expect(edits.resultingCount(original: text.utf8.count) == buffer.readableBytes)
        let pieces = edits.pieces(of: ByteBuffer(string: text))
        #expect(pieces.allSatisfy { $0.readableBytes > 0 })
        #expect(pieces.map { String(buffer: $0) }.joined() == String(buffer: buffer))
        return String(buffer: buffer)
    }

    @Test func changesOnlyWhatItNames() throws {
        var edits = JSONEdits()
        #expect(edits.isEmpty && Self.apply(edits, to: "0123456789") == "0123456789")
        try edits.replace(span: 7..<9, with: "abc" as String)
        try edits.replace(span: 2..<3, with: Array("X".utf8))
        try edits.remove(span: 4..<5)
        try edits.remove(span: 5..<5)
        try edits.insert(at: 0, "<" as StaticString)
        try edits.insert(at: 10, ByteBuffer(string: ">"))
        #expect(!edits.isEmpty && Self.apply(edits, to: "0123456789") == "<01X356abc9>")
    }

    @Test func keepsInsertionsAtOneOffsetInTheirOrder() throws {
        var edits = JSONEdits()
        try edits.replace(span: 2..<4, with: "R" as String)
        try edits.insert(at: 2, "a" as String)
        try edits.insert(at: 4, "c" as String)
        try edits.insert(at: 2, "b" as String)
        try edits.insert(at: 4, "d" as String)
        #expect(Self.apply(edits, to: "0123456") == "01abRcd456")
    }

    @Test(arguments: [1..<3, 2..<5, 3..<4, 3..<3, 4..<9, -1..<0, 2..<6, 5..<7])
    func refusesWhatOverlapsAndStaysAsItWas(span: Range<Int>) throws {
        var edits = JSONEdits()
        try edits.replace(span: 2..<5, with: "ab" as String)
        try edits.insert(at: 6, "c" as String)
        let before = Self.apply(edits, to: "01234567")
        #expect(throws: JSONEditError.overlap(span)) { try edits.replace(span: span, with: "z" as String) }
        #expect(Self.apply(edits, to: "01234567") == before)
    }

    @Test func takesAnOffsetBeyondTheTextForItsEnd() throws {
        var edits = JSONEdits()
        try edits.replace(span: 2..<100, with: "x" as String)
        try edits.insert(at: .max, "y" as String)
        #expect(Self.apply(edits, to: "0123") == "01xy")
        #expect(Self.apply(edits, to: "") == "xy")
    }

    @Test func slicesTheOriginal() throws {
        var original = ByteBuffer(string: "....0123456789")
        original.moveReaderIndex(forwardBy: 4)
        var edits = JSONEdits()
        try edits.replace(span: 4..<6, with: "-" as String)
        let pieces = edits.pieces(of: original)
        #expect(pieces.map { String(buffer: $0) } == ["0123", "-", "6789"])
        #expect(edits.pieces(of: ByteBuffer()).map { String(buffer: $0) } == ["-"])
        #expect(JSONEdits().pieces(of: original) == [original])
        let first = pieces[0].withUnsafeReadableBytes { UnsafeRawPointer($0.baseAddress) }
        #expect(first == original.withUnsafeReadableBytes { UnsafeRawPointer($0.baseAddress) })
    }

    /// Random spans against a model that keeps, for every byte, what stands before it and whether it stays.
    @Test func anySpansGiveTheTextTheyShould() throws {
        let seed: UInt64 = 0x5EED_0005
        var random = SeededGenerator(seed: seed)
        var refused = 0
        for round in 0..<20_000 {
            let text = Array("0123456789abcdef".utf8.prefix(Int.random(in: 0...16, using: &random)))
            var before = [String](repeating: "", count: text.count + 1)
            var owner = [Int?](repeating: nil, count: text.count)
            var replacements: [Int: String] = [:]
            var edits = JSONEdits()
            for step in 0..<Int.random(in: 1...6, using: &random) {
                let start = Int.random(in: 0...text.count, using: &random)
                let span = start..<Int.random(in: start...min(text.count, start + 4), using: &random)
                let isFree =
                    span.isEmpty
                    ? span.lowerBound == 0 || span.lowerBound == text.count || owner[start] == nil
                        || owner[start] != owner[start - 1]
                    : span.allSatisfy { owner[$0] == nil }
                        && span.dropFirst().allSatisfy { before[$0].isEmpty }
                do throws(JSONEditError) {
                    try edits.replace(span: span, with: "<\(step)>")
                    #expect(isFree, "seed \(seed), round \(round)")
                    if span.isEmpty {
                        before[start] += "<\(step)>"
                    } else {
                        replacements[start] = "<\(step)>"
                        for place in span { owner[place] = step }
                    }
                } catch {
                    refused += 1
                    #expect(!isFree, "seed \(seed), round \(round)")
                }
            }
            var expected = ""
            for place in 0...text.count {
                expected += before[place] + (replacements[place] ?? "")
                if place < text.count, owner[place] == nil {
                    expected.unicodeScalars.append(Unicode.Scalar(text[place]))
                }
            }
            let result = Self.apply(edits, to: String(decoding: text, as: UTF8.self))
            #expect(result == expected, "seed \(seed), round \(round)")
        }
        #expect(refused > 1000)
    }
}
