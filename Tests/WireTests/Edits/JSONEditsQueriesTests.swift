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

    @Test(arguments: [
        (0..<10, false), (0..<11, true), (19..<25, true), (20..<30, false), (29..<31, true), (30..<40, false),
        (44..<45, true), (50..<60, false),
    ])
    func editsInsideASpanAreFound(_ span: Range<Int>, _ touches: Bool) throws {
        #expect(try Self.edits().touches(inside: span) == touches)
        #expect(!JSONEdits().touches(inside: span))
    }
}
