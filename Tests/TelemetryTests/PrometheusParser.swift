/// A small strict reader of Prometheus' text format: it refuses whatever a scraper could misread.
struct PrometheusParser {
    struct Sample: Hashable {
        var name: String
        var labels: [String: String]
        var value: String
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private(set) var types: [String: String] = [:]
    private(set) var helps: [String: String] = [:]
    private(set) var samples: [Sample] = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Failure(description: "no line feed at the end") }
        var current: String?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# ") {
                current = try readComment(line)
            } else {
                try readSample(line, of: current)
            }
        }
        let series = samples.map { Sample(name: $0.name, labels: $0.labels, value: "") }
        guard Set(series).count == series.count else { throw Failure(description: "a series stands twice") }
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> String? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    private mutating func readComment(_ line: Substring) throws -> String {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4 else { throw Failure(description: "comment without a text: \(line)") }
        let name = String(words[2])
        switch words[1] {
        case "HELP":
            guard helps.updateValue(String(words[3]), forKey: name) == nil else {
                throw Failure(description: "two helps: \(line)")
            }
        case "TYPE":
            guard helps[name] != nil, ["counter", "gauge", "histogram"].contains(words[3]),
                types.updateValue(String(words[3]), forKey: name) == nil
            else { throw Failure(description: "bad type: \(line)") }
        default:
            throw Failure(description: "strange comment: \(line)")
        }
        return name
    }

    private mutating func readSample(_ line: Substring, of metric: String?) throws {
        guard let metric, let type = types[metric] else {
            throw Failure(description: "a sample without a type: \(line)")
        }
        var rest = line
        let name = String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") })
        rest = rest.dropFirst(name.count)
        let allowed = type == "histogram" ? ["_bucket", "_sum", "_count"].map { metric + $0 } : [metric]
        guard allowed.contains(name) else { throw Failure(description: "\(name) stands under \(metric)") }
        var labels: [String: String] = [:]
        if rest.first == "{" { (labels, rest) = try Self.readLabels(rest.dropFirst()) }
        guard rest.first == " " else { throw Failure(description: "no space before the value: \(line)") }
        let value = String(rest.dropFirst())
        guard Double(value)?.isFinite == true, !value.contains(" ") else {
            throw Failure(description: "bad value: \(line)")
        }
        samples.append(Sample(name: name, labels: labels, value: value))
    }

    private static func readLabels(_ text: Substring) throws -> ([String: String], Substring) {
        var labels: [String: String] = [:]
        var rest = text
        while true {
            let name = rest.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.hasPrefix("=\"") else { throw Failure(description: "bad label in \(text)") }
            rest = rest.dropFirst(2)
            var value = ""
            while let character = rest.popFirst(), character != "\"" {
                guard character == "\\" else {
                    value.append(character)
                    continue
                }
                switch rest.popFirst() {
                case "\\": value.append("\\")
                case "\"": value.append("\"")
                case "n": value.append("\n")
                default: throw Failure(description: "bad escape in \(text)")
                }
            }
            guard labels.updateValue(value, forKey: String(name)) == nil else {
                throw Failure(description: "label twice in \(text)")
            }
            switch rest.popFirst() {
            case ",": continue
            case "}": return (labels, rest)
            default: throw Failure(description: "labels do not end in \(text)")
            }
        }
    }
}
