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
}
