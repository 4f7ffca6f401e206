/// A `multipart/form-data` body, whole in memory.
struct Multipart: Sendable {
    struct Part: Sendable {
        let name: String
        /// nil: a plain field.
        let fileName: String?
        let type: String?
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    let parts: [Part]

    /// The last plain field of that name.
    func field(_ name: String) -> String? { parts.last { $0.name == name && $0.fileName == nil }?.text }

    /// Files of that name or, as clients write lists, of `name[]`.
    func files(_ name: String) -> [Part] {
        parts.filter { $0.fileName != nil && ($0.name == name || $0.name == "\(name)[]") }
    }

    /// - Parameter type: the content type with its boundary.
    init(_ bytes: [UInt8], type: String?) throws(RequestProblem) {
        let fields = Self.parameters(of: type ?? "")
        guard fields.first?.name == "multipart/form-data", let boundary = fields.first(where: { $0.name == "boundary" })
        else { throw RequestProblem(message: "The body must be multipart/form-data.") }
        let mark = Array("--\(boundary.value)".utf8)
        let ends = Self.positions(of: mark, in: bytes)
        guard ends.count >= 2 else { throw RequestProblem(message: "The multipart body has no parts.") }
        var parts: [Part] = []
        for (start, end) in zip(ends, ends.dropFirst()) {
            // Between the marks: CRLF, headers, an empty line, the bytes, CRLF.
            let lower = start + mark.count + 2
            guard lower + 2 <= end else { throw RequestProblem(message: "A part of the multipart body is cut.") }
            parts.append(try Self.part(Array(bytes[lower..<end - 2])))
        }
        self.parts = parts
    }

    private static func part(_ bytes: [UInt8]) throws(RequestProblem) -> Part {
        guard let end = positions(of: Array("\r\n\r\n".utf8), in: bytes).first else {
            throw RequestProblem(message: "A part of the multipart body has no headers.")
        }
        var disposition: [(name: String, value: String)] = []
        var type: String?
        for line in String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2 else { continue }
            switch halves[0].lowercased() {
            case "content-disposition": disposition = parameters(of: String(halves[1]))
            case "content-type": type = String(halves[1].drop(while: \.isWhitespace))
            default: break
            }
        }
        guard let name = disposition.first(where: { $0.name == "name" })?.value else {
            throw RequestProblem(message: "A part of the multipart body has no name.")
        }
        return Part(
            name: name, fileName: disposition.first { $0.name == "filename" }?.value, type: type,
            bytes: Array(bytes[(end + 4)...]))
    }

    /// The words of a header's value; the first one has no value.
    private static func parameters(of value: String) -> [(name: String, value: String)] {
        value.split(separator: ";").map { word in
            let halves = word.split(separator: "=", maxSplits: 1)
            let name = String((halves.first ?? "").drop(while: \.isWhitespace))
            guard halves.count == 2 else { return (name.lowercased(), "") }
            let isQuoted = halves[1].hasPrefix("\"") && halves[1].hasSuffix("\"") && halves[1].count >= 2
            return (name.lowercased(), String(isQuoted ? halves[1].dropFirst().dropLast() : halves[1]))
        }
    }

    private static func positions(of mark: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard let first = mark.first else { return [] }
        var found: [Int] = []
        var start = 0
        while let position = bytes[start...].firstIndex(of: first) {
            if bytes[position...].starts(with: mark) {
                found.append(position)
                start = position + mark.count
            } else {
                start = position + 1
            }
        }
        return found
    }
}
