import Settings
import Testing

/// Whatever the text, the answer is a configuration or located issues: never a trap, never a long wait.
@Suite struct HostileTextTests {
    @Test func mutatedFilesNeverTrap() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        let bytes = Array(WholeSchema.text.utf8)
        let snippets = [
            "${", "}", ": ", "- ", "[", "]", "{", "*a", "&a ", "<<: *a", "\n", "\t", "? ", "|", "!x ", "~", "\"", "#",
            "\u{0}", "é", "---\n",
        ]
        for _ in 0..<1500 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated[at] = UInt8.random(in: 0...255, using: &random)
                case 1: mutated.removeSubrange(at..<min(mutated.count, at + Int.random(in: 1...40, using: &random)))
                case 2:
                    let snippet = snippets[Int.random(in: 0..<snippets.count, using: &random)]
                    mutated.insert(contentsOf: Array(snippet.utf8), at: at)
                default: mutated.removeSubrange(at...)
                }
                if mutated.isEmpty { mutated = [0x61] }
            }
            let outcome = Outcome(String(decoding: mutated, as: UTF8.self), environment: WholeSchema.environment)
            if outcome.configuration == nil {
                #expect(!outcome.errors.isEmpty, "seed \(seed)")
            } else {
                #expect(outcome.errors.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test func aliasesAreBounded() {
        var text = "a0: &a0 {x: 1, y: 2, z: 3}\n"
        for level in 1...30 {
            let references = (0..<9).map { "k\($0): *a\(level - 1)" }.joined(separator: ", ")
            text += "a\(level): &a\(level) {\(references)}\n"
        }
        text += "models: [{name: m, targets: [{provider: p, model: x}], degrade: {body: *a30}}]\n"
        let errors = Outcome(text).errors
        #expect(errors.contains { $0.message.contains("aliases") })
    }

    @Test func aliasesInKeysAreBounded() {
        var text = "a0: &a0 [x, y, z]\n"
        for level in 1...30 {
            text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
        }
        for key in ["? *a30\n: x\n", "*a30 : x\n", "[*a30]: x\n", "b: {? *a30 : x}\n", "b: {[*a30] : x}\n"] {
            let errors = Outcome(text + key).errors
            #expect(errors.map(\.message) == ["a key that is a list or a mapping, in a file with many aliases"])
            #expect(errors.first?.line == 32)
        }
    }

    @Test func sharedBlocksWork() throws {
        var text = "# why? see *this: that\nserver: {idle_timeout: 1s} # [*why]: ?\nproviders:\n"
        text += "  - &base {name: p0, kind: simulator, base_url: \"http://[::1]:9100/v1\", timeouts: {connect: 9s}}\n"
        for index in 1...40 {
            text += "  - {<<: *base, name: \"p\(index)\", base_url: \"http://${HOST}:9100\"}\n"
        }
        let outcome = Outcome(text, environment: ["HOST": "h.example"])
        #expect(outcome.errors == [])
        let last = try #require(outcome.configuration?.providers.last)
        #expect(last.name == "p40")
        #expect(last.timeouts.connect == .seconds(9))
        #expect(last.baseURL.host == "h.example")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func deepNestingIsAnIssue(_ opener: String) {
        #expect(!Outcome(String(repeating: opener, count: 200_000)).errors.isEmpty)
    }

    @Test func largeTextIsRefused() {
        let errors = Outcome(String(repeating: "#\n", count: 3 << 20)).errors
        #expect(errors.map(\.message) == ["the file is larger than 4 MiB"])
    }

    @Test func manyItemsAreReadInTime() {
        let text = "outbound: {allow: [" + (0..<50_000).map { "h\($0).example" }.joined(separator: ", ") + "]}"
        #expect(Outcome(text).configuration?.outbound.allow.count == 50_000)
    }
}

/// A small seeded generator.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
