/// How a client spells one of its requests: what an encoder leaves to chance, drawn anew for each.
struct Spelling {
    /// What changes from request to request though it means the same.
    enum Noise: Sendable {
        case none
        /// The order of tools, of the body's members and of the keys of schemas and arguments, the white space and the escapes of
        /// both, the spelling of fractions.
        case encoding
        /// These, and stamps in the system prompt.
        case stamps
    }

    let noise: Noise
    private var random: SeededGenerator
    /// The lines that stand in this request alone, as they stand between quotes.
    private(set) var stamps: [String] = []

    init(_ noise: Noise, seed: UInt64) {
        self.noise = noise
        random = SeededGenerator(seed: seed)
    }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        noise == .none ? elements : elements.shuffled(using: &random)
    }

    /// One of them, the first where nothing is left to chance.
    mutating func choice<Element>(_ elements: [Element]) -> Element {
        noise == .none ? elements[0] : elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    /// - Parameter keepsOrder: the order of keys, and with it numbers, is not the encoder's.
    mutating func value(_ tree: Tree, keepsOrder: Bool = false) -> Tree {
        guard noise != .none else { return tree }
        return .scalar(respelled(tree, keepsOrder).text(&random))
    }

    /// JSON in a string.
    mutating func encoded(_ tree: Tree) -> Tree {
        let text = value(tree).text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n").replacing("\t", with: "\\t")
        return string(text)
    }

    /// - Parameter text: as it stands between quotes.
    mutating func string(_ text: String) -> Tree {
        .scalar("\"" + (noise == .none ? text : escaped(text)) + "\"")
    }

    /// The lines of an instruction; nil: none is left.
    mutating func text(_ lines: [AgentSession.Line]) -> String? {
        var texts: [String] = []
        for line in lines {
            switch line {
            case .fixed(let text): texts.append(text)
            case .stamp(let stamp):
                guard noise == .stamps else { continue }
                stamps.append(self.text(stamp))
                texts.append(stamps[stamps.count - 1])
            }
        }
        return texts.isEmpty ? nil : texts.joined(separator: "\\n")
    }

    private mutating func respelled(_ tree: Tree, _ keepsOrder: Bool) -> Tree {
        switch tree {
        case .scalar(let text):
            guard let first = text.first, first == "\"" else {
                return .scalar(text.contains(".") && !keepsOrder ? number(text) : text)
            }
            return string(String(text.dropFirst().dropLast()))
        case .array(let elements):
            var parts: [Tree] = []
            for element in elements { parts.append(respelled(element, keepsOrder)) }
            return .array(parts)
        case .object(let members):
            var parts: [Member] = []
            for member in members { parts.append(Member(escaped(member.key), respelled(member.value, keepsOrder))) }
            return .object(keepsOrder ? parts : parts.shuffled(using: &random))
        }
    }

    private mutating func number(_ text: String) -> String {
        [text, text + "0", text + "00e0", text + "E-0"].randomElement(using: &random) ?? text
    }

    /// Some characters by their numbers, solidi with a backslash.
    private mutating func escaped(_ text: String) -> String {
        var result = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "\\" {
                guard let letter = rest.popFirst() else { break }
                guard letter != "u" else {
                    let digits = String(rest.prefix(4))
                    result += "\\u" + (random.chance(50) ? digits.uppercased() : digits)
                    rest = rest.dropFirst(4)
                    continue
                }
                let codes: [Unicode.Scalar: String] = ["n": "\\u000a", "t": "\\u0009", "\"": "\\u0022", "\\": "\\u005C"]
                result += random.chance(20) ? codes[letter] ?? "\\\(letter)" : "\\\(letter)"
            } else if scalar == "/", random.chance(50) {
                result += "\\/"
            } else if random.chance(5) {
                for unit in String(scalar).utf16 { result += "\\u" + String(UInt32(unit) | 0x10000, radix: 16).dropFirst() }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private mutating func text(_ stamp: AgentSession.Stamp) -> String {
        func digits(_ range: ClosedRange<Int>) -> String { String(String(Int.random(in: range, using: &random) + 100).dropFirst()) }
        func hex(_ count: Int) -> String { (0..<count).map { _ in String(Int.random(in: 0..<16, using: &random), radix: 16) }.joined() }
        let time = "\(digits(10...23)):\(digits(0...59)):\(digits(0...59))"
        switch stamp {
        case .date: return "Today is 2026-\(digits(10...12))-\(digits(10...28))T\(time)Z."
        case .time: return "The clock says \(time)"
        case .epoch: return "Now: \(Int.random(in: 1_700_000_000...1_900_000_000, using: &random))"
        case .uuid: return "Trace \(hex(8))-\(hex(4))-\(hex(4))-\(hex(4))-\(hex(12)) of this run."
        case .counter: return "This is request #\(Int.random(in: 1...99_999, using: &random))."
        }
    }
}
