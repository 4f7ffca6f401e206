import NIOCore
import Testing
import Wire

struct JSONEditsQueriesTests {
    private static func edits() throws -> JSONEdits {
        var edits = JSONEdits()
        try edits.replace(span: 10..<20, with: "a" as String)
        try edits.insert(at: 30, "b" as String)
        try edits.remove(span: 40..<50)
        return edits
    }

    @Test func insertionsAreTakenWhereNothingIsReplacedAround() throws {
        let edits = try Self.edits()
        let refused = (0...60).filter { !edits.takesInsertion(at: $0) }
        #expect(refused == Array(11...19) + Array(41...49))
        // What it says is what an insertion meets.
        for offset in 0...60 {
            var tried = edits
            #expect(
                ((try? tried.insert(at: offset, "x" as String)) != nil) == edits.takesInsertion(at: offset), "\(offset)"
            )
        }
    }

    @Test func whatWasPutInCanBeChangedInItsPlace() throws {
        var edits = try Self.edits()
        try edits.insert(at: 30, "c" as String)
        let changed = [30, 10, 31].map { edits.changeInsertion(at: $0, to: ByteBuffer(string: "longer")) }
        #expect(changed == [true, false, false])
        var text = ByteBuffer()
        let original = [UInt8](repeating: UInt8(ascii: "."), count: 60)
        original.withUnsafeBytes { edits.apply(to: $0, into: &text) }
        #expect(String(buffer: text) == "..........a..........longerc....................")
    }
}
