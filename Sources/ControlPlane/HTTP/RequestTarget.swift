/// A request target taken apart: the path's segments and the query's parameters, percent-decoded.
struct RequestTarget: Sendable, Equatable {
    /// Without empty ones, so `//a/` is `a`. What does not decode stays as it is.
    var segments: [String]
    /// In their order; nil when one does not decode.
    var parameters: [Parameter]?

    struct Parameter: Sendable, Equatable {
        var name: String
        var value: String
    }

    init(_ target: String) {
        let beforeFragment = target.prefix { $0 != "#" }
        let parts = beforeFragment.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = (parts.first ?? "").split(separator: "/").map { Self.decoded($0, plusIsSpace: false) ?? String($0) }
        parameters = parts.count > 1 ? Self.parameters(parts[1]) : []
    }

    private static func parameters(_ query: Substring) -> [Parameter]? {
        var parameters: [Parameter] = []
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(halves[0], plusIsSpace: true),
                let value = decoded(halves.count > 1 ? halves[1] : "", plusIsSpace: true)
            else { return nil }
            parameters.append(Parameter(name: name, value: value))
        }
        return parameters
    }

    /// nil for a `%` without two hexadecimal digits, and for bytes that are not UTF-8.
    static func decoded(_ text: Substring, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst(), let low = rest.popFirst(),
                    let first = Character(Unicode.Scalar(high)).hexDigitValue,
                    let second = Character(Unicode.Scalar(low)).hexDigitValue
                else { return nil }
                bytes.append(UInt8(first << 4 | second))
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(UInt8(ascii: " "))
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
