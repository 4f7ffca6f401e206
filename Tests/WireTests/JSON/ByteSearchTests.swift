import Testing
import Wire

struct ByteSearchTests {
    private static func contains(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBytes { ByteSearch.contains($0, "\"tr1.", "\"dHIxL", "_tr1g_") }
    }

    @Test(arguments: ["\"tr1.", "\"dHIxL", "_tr1g_"])
    func aNeedleIsFoundWhereverItStands(_ needle: String) {
        for before in 0..<40 {
            for behind in 0..<40 {
                let text =
                    String(repeating: "r1", count: before / 2) + String(repeating: "\"", count: before % 2) + needle
                #expect(Self.contains(text + String(repeating: "t", count: behind)), "\(before), \(behind)")
            }
        }
    }

    @Test func whatIsCutOrSplitIsNot() {
        for needle in ["\"tr1.", "\"dHIxL", "_tr1g_"] {
            for padding in 0..<40 {
                let space = String(repeating: " ", count: padding)
                #expect(!Self.contains(space + needle.dropLast()), "\(needle), \(padding)")
                #expect(!Self.contains(space + needle.dropFirst() + space), "\(needle), \(padding)")
                #expect(!Self.contains(needle.prefix(3) + " " + needle.dropFirst(3) + space), "\(needle), \(padding)")
            }
        }
        #expect(!Self.contains(""))
    }
}
