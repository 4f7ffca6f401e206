/// Puts variables of the environment into a scalar's text: `${NAME}`, `${NAME:-default}`.
///
/// A dollar that no brace follows is itself. What a variable holds is not expanded again.
enum EnvironmentExpansion {
    enum Failure: Error, Equatable {
        /// `${NAME}` without a default, and no such variable.
        case unset(name: String)
        /// No closing brace, no proper name, or a `${` inside a default.
        case malformed
    }

    /// - Throws: the first failure from the left.
    static func expand(_ text: String, from environment: [String: String]) throws(Failure) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var output = ""
        var rest = text[...]
        while let start = opening(in: rest) {
            output += rest[..<start]
            let inside = rest[rest.unicodeScalars.index(start, offsetBy: 2)...]
            guard let end = inside.unicodeScalars.firstIndex(of: "}") else { throw .malformed }
            output += try value(of: inside[..<end], from: environment)
            rest = inside[inside.unicodeScalars.index(after: end)...]
        }
        return output + rest
    }

    private static func opening(in text: Substring) -> String.Index? {
        let scalars = text.unicodeScalars
        return scalars.indices.first { index in
            guard scalars[index] == "$" else { return false }
            let next = scalars.index(after: index)
            return next < scalars.endIndex && scalars[next] == "{"
        }
    }

    private static func value(of reference: Substring, from environment: [String: String]) throws(Failure) -> String {
        let scalars = reference.unicodeScalars
        let nameEnd = scalars.firstIndex { !isNameScalar($0) } ?? scalars.endIndex
        let name = String(scalars[..<nameEnd])
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else { throw .malformed }
        guard nameEnd < scalars.endIndex else {
            guard let value = environment[name] else { throw .unset(name: name) }
            return value
        }
        let operation = scalars[nameEnd...]
        guard operation.starts(with: ":-".unicodeScalars) else { throw .malformed }
        let fallback = String(operation.dropFirst(2))
        guard opening(in: fallback[...]) == nil else { throw .malformed }
        guard let value = environment[name], !value.isEmpty else { return fallback }
        return value
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
