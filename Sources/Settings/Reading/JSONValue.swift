import Yams

/// A JSON text under construction; objects keep their order.
indirect enum JSONValue: Equatable {
    case null
    case bool(Bool)
    /// Already spelled as JSON spells numbers.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])
    /// A JSON text as it is.
    case json(String)

    struct Member: Equatable {
        var name: String
        var value: JSONValue
    }

    /// Without blanks.
    var text: String {
        var output = ""
        write(into: &output)
        return output
    }

    private func write(into output: inout String) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .number(let text), .json(let text): output += text
        case .string(let text): Self.write(text, into: &output)
        case .array(let values):
            output += "["
            for (index, value) in values.enumerated() {
                if index > 0 { output += "," }
                value.write(into: &output)
            }
            output += "]"
        case .object(let members):
            output += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { output += "," }
                Self.write(member.name, into: &output)
                output += ":"
                member.value.write(into: &output)
            }
            output += "}"
        }
    }

    private static func write(_ text: String, into output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\0"..<" ":
                let code = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}

extension JSONValue {
    /// What a value of the file, of any shape, is as JSON: an unquoted `true`, `null` or number is that, all else text.
    ///
    /// - Returns: nil after saying what is wrong; deeper than 64 levels is.
    static func read(_ value: ValueNode, log: IssueLog, depth: Int = 0) -> JSONValue? {
        guard log.visit(value.place) else { return nil }
        guard depth < 64 else {
            log.error(value.place, "nested deeper than 64 levels")
            return nil
        }
        switch value.node {
        case .scalar(let scalar):
            if scalar.style == .plain, let typed = plain(scalar.string) { return typed }
            return log.scalar(value).map { .string($0.text) }
        case .sequence(let sequence):
            let items = sequence.enumerated().map { index, node in
                read(
                    ValueNode(node: node, place: value.place.item(index, line: node.mark?.line)), log: log,
                    depth: depth + 1)
            }
            return items.contains(nil) ? nil : .array(items.compactMap { $0 })
        case .mapping(let mapping):
            let entries = MappingEntry.entries(of: mapping, place: value.place, log: log)
            let members = entries.map { entry in
                let place = value.place.entry(entry.name, line: entry.line)
                return read(ValueNode(node: entry.value, place: place), log: log, depth: depth + 1)
                    .map { Member(name: entry.name, value: $0) }
            }
            return members.contains(nil) ? nil : .object(members.compactMap { $0 })
        case .alias:
            log.error(value.place, "an alias that names nothing")
            return nil
        }
    }

    private static func plain(_ text: String) -> JSONValue? {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        default: isNumber(text) ? .number(text) : nil
        }
    }

    /// The grammar of RFC 8259, section 6.
    private static func isNumber(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        func digits() -> Int {
            let run = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(run.count)
            return run.count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !startsWithZero || whole == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
