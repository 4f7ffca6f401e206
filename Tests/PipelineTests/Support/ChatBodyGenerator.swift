/// A key and its value.
struct Member: Sendable {
    var key: String
    var value: Tree

    init(_ key: String, _ value: Tree) {
        self.key = key
        self.value = value
    }
}

/// A JSON value that keeps the order and the spelling of what is in it.
enum Tree: Sendable {
    /// A scalar as spelled.
    case scalar(String)
    case array([Tree])
    case object([Member])

    /// Without white space.
    var text: String {
        switch self {
        case .scalar(let text): text
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let members): "{" + members.map { "\"\($0.key)\":\($0.value.text)" }.joined(separator: ",") + "}"
        }
    }

    /// With white space from the generator between its tokens.
    func text(_ random: inout SeededGenerator) -> String {
        func space() -> String { ["", "", "", " ", "\n  ", "\t"].randomElement(using: &random) ?? "" }
        switch self {
        case .scalar(let text): return text
        case .array(let elements):
            var parts: [String] = []
            for element in elements { parts.append(space() + element.text(&random) + space()) }
            return "[" + (parts.isEmpty ? space() : parts.joined(separator: ",")) + "]"
        case .object(let members):
            var parts: [String] = []
            for member in members {
                parts.append(
                    space() + "\"\(member.key)\"" + space() + ":" + space() + member.value.text(&random) + space())
            }
            return "{" + (parts.isEmpty ? space() : parts.joined(separator: ",")) + "}"
        }
    }

    subscript(_ key: String) -> Tree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}

extension Tree: Equatable {
    static func == (left: Tree, right: Tree) -> Bool { left.text == right.text }
}

/// Makes chat requests of every shape a client may send.
struct ChatBodyGenerator {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func body() -> Tree {
        var members: [Member] = [Member("model", string()), Member("messages", .array(messages()))]
        if random.chance(60) { members.append(Member("stream", .scalar(random.chance(80) ? "true" : "false"))) }
        if random.chance(50) { members.append(Member("stream_options", streamOptions())) }
        if random.chance(40) { members.append(Member("tools", .array((0..<3).map { _ in tool() }))) }
        if random.chance(30) {
            members.append(
                Member("temperature", .scalar(["0", "0.0", "1e-1", "0.70"].randomElement(using: &random) ?? "1")))
        }
        if random.chance(30) { members.append(Member("max_tokens", .scalar("256"))) }
        for name in ["x_unknown", "metadata", "response_format_v2"] where random.chance(30) {
            members.append(Member(name, value(depth: 3)))
        }
        members.shuffle(using: &random)
        return .object(members)
    }

    mutating func messages() -> [Tree] {
        var messages: [Tree] = []
        if random.chance(70) { messages.append(message(random.chance(80) ? "system" : "developer")) }
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            messages.append(message("user"))
            if random.chance(30) {
                messages.append(message("assistant"))
                messages.append(message("tool"))
            }
            messages.append(message("assistant"))
        }
        messages.append(message("user"))
        return messages
    }

    mutating func message(_ role: String) -> Tree {
        var members: [Member] = [Member("role", .scalar("\"\(role)\"")), Member("content", content())]
        if random.chance(20) { members.append(Member("name", string())) }
        if random.chance(10) { members.append(Member("x", value(depth: 2))) }
        if random.chance(30) { members.shuffle(using: &random) }
        return .object(members)
    }

    private mutating func content() -> Tree {
        guard random.chance(40) else { return random.chance(95) ? string() : .scalar("null") }
        return .array(
            (0..<Int.random(in: 0...3, using: &random)).map { _ in
                .object([Member("type", .scalar("\"text\"")), Member("text", string())])
            })
    }

    private mutating func tool() -> Tree {
        .object([
            Member("type", .scalar("\"function\"")),
            Member("function", .object([Member("name", string()), Member("parameters", value(depth: 3))])),
        ])
    }

    private mutating func streamOptions() -> Tree {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .scalar("null")
        case 1: .object([])
        case 2: .object([Member("include_usage", .scalar("true"))])
        case 3: .object([Member("include_usage", .scalar("false")), Member("include_obfuscation", .scalar("false"))])
        case 4: .object([Member("include_obfuscation", .scalar("false"))])
        default: .object([Member("include_obfuscation", .scalar("false")), Member("include_usage", .scalar("null"))])
        }
    }

    private mutating func value(depth: Int) -> Tree {
        switch Int.random(in: 0..<(depth > 0 ? 5 : 3), using: &random) {
        case 0: string()
        case 1: .scalar(["1", "-0", "1.50", "2E+3", "12345678901234567890"].randomElement(using: &random) ?? "0")
        case 2: .scalar(["true", "false", "null"].randomElement(using: &random) ?? "null")
        case 3: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth - 1) })
        default:
            .object((0..<Int.random(in: 0...3, using: &random)).map { Member("k\($0)", value(depth: depth - 1)) })
        }
    }

    mutating func string() -> Tree {
        let pieces = [
            "a", "The capital of France. ", #"\n"#, #"\""#, #"\\"#, #"\u00e9"#, "é", "漢字", "😀", #"\ud83d\ude00"#,
            "model", "{", "]", ",",
        ]
        var text = "x"
        for _ in 0..<Int.random(in: 0...12, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
        return .scalar("\"\(text)\"")
    }
}
