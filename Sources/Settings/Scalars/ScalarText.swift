/// A scalar of the file, or a variable of the environment that stands in for one, with its place.
struct ScalarText {
    /// Variables put in.
    var text: String
    /// As it stands in the file: what may be quoted in a message. Empty where nothing may be.
    var shown: String
    var place: Place

    /// For messages: the text in backquotes, or nothing.
    var quoted: String { shown.isEmpty ? "" : "`\(Place.printable(shown))` " }
}

/// Readers of scalars. Each returns nil after saying what is wrong.
extension IssueLog {
    func integer(_ scalar: ScalarText, in range: ClosedRange<Int>) -> Int? {
        // Underscores between digits are YAML's way to write long numbers.
        guard let value = Int(scalar.text.filter { $0 != "_" }), scalar.text.utf8.first != UInt8(ascii: "_") else {
            error(scalar.place, "\(scalar.quoted)is not a whole number", fix: bounds(range))
            return nil
        }
        guard range.contains(value) else {
            error(scalar.place, "\(scalar.quoted)is out of range", fix: bounds(range))
            return nil
        }
        return value
    }

    func fraction(_ scalar: ScalarText, in range: ClosedRange<Double>) -> Double? {
        let isDecimal = scalar.text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
        }
        guard isDecimal, let value = Double(scalar.text), value.isFinite else {
            error(
                scalar.place, "\(scalar.quoted)is not a number", fix: "from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        guard range.contains(value) else {
            error(
                scalar.place, "\(scalar.quoted)is out of range", fix: "from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    func flag(_ scalar: ScalarText) -> Bool? {
        switch scalar.text.lowercased() {
        case "true", "on", "yes", "1": return true
        case "false", "off", "no", "0": return false
        default:
            error(scalar.place, "\(scalar.quoted)is neither on nor off", fix: "write true or false")
            return nil
        }
    }

    /// One of an enum's names; `false` is its `off`.
    func choice<Choice>(_ scalar: ScalarText, synonyms: [String: Choice] = [:]) -> Choice?
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        let text = scalar.text.lowercased()
        if let value = Choice(rawValue: text) ?? synonyms[text] { return value }
        if ["false", "no"].contains(text), let off = Choice(rawValue: "off") { return off }
        error(
            scalar.place, "\(scalar.quoted)is not known here",
            fix: NearestName.fix(for: text, among: Choice.allCases.map(\.rawValue)))
        return nil
    }

    /// Bytes, or a number with KiB, MiB or GiB.
    func size(_ scalar: ScalarText, in range: ClosedRange<Int>) -> Int? {
        guard let bytes = ByteSize.parse(scalar.text) else {
            error(scalar.place, "\(scalar.quoted)is not a size", fix: "bytes, or a number with KiB, MiB or GiB: 32MiB")
            return nil
        }
        guard range.contains(bytes) else {
            error(scalar.place, "\(scalar.quoted)is out of range", fix: "\(bounds(range)) bytes")
            return nil
        }
        return bytes
    }

    func duration(_ scalar: ScalarText, in range: ClosedRange<Duration>) -> Duration? {
        guard let value = DurationText.parse(scalar.text) else {
            error(scalar.place, "\(scalar.quoted)is not a duration", fix: "a number with ms, s, m, h or d: 30s")
            return nil
        }
        guard range.contains(value) else {
            let bounds = "from \(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
            error(scalar.place, "\(scalar.quoted)is out of range", fix: bounds)
            return nil
        }
        return value
    }

    private func bounds(_ range: ClosedRange<Int>) -> String {
        range.upperBound == Int.max ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
    }
}
