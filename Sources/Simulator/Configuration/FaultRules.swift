/// How often which fault happens, as `--errors` says it: `500:0.1,429:0.05,reset:0.01,stall=2:0.01`.
package struct FaultRules: Sendable, Equatable {
    /// One fault and its share of the requests.
    package struct Rule: Sendable, Equatable {
        /// What happens.
        package let fault: Fault
        /// 0…1
        package let probability: Double

        /// A rule as it stands; the sum is checked by ``FaultRules/init(parsing:)``.
        package init(_ fault: Fault, _ probability: Double) {
            self.fault = fault
            self.probability = probability
        }
    }

    /// What is wrong with the text, for the person who wrote it.
    package struct Problem: Error, Equatable, CustomStringConvertible {
        /// One sentence that names the part and what may stand there.
        package let description: String
    }

    /// The probabilities add up to 1 at most; the rest of the requests is answered well.
    package let rules: [Rule]

    /// Every request is answered well.
    package static let none = FaultRules(unchecked: [])

    private init(unchecked rules: [Rule]) { self.rules = rules }

    /// Reads `kind:probability` pairs parted by commas; an empty text is no rule. Kinds are those of ``Fault``.
    package init(parsing text: String) throws(Problem) {
        var rules: [Rule] = []
        for part in text.split(separator: ",") {
            let item = part.filter { !$0.isWhitespace }
            let halves = item.split(separator: ":", omittingEmptySubsequences: false)
            guard halves.count == 2 else { throw Problem(description: "'\(item)' is not kind:probability") }
            let words = halves[0].split(separator: "=", omittingEmptySubsequences: false)
            guard words.count <= 2, words.count == 1 || Int(words[1]) != nil,
                let fault = Fault(name: String(words[0]), count: words.count == 2 ? Int(words[1]) : nil)
            else {
                throw Problem(
                    description:
                        "'\(halves[0])' is none of a status from 400 to 599, reset, stall, stall=N, cut, cut=N,"
                        + " garbage, slow, stream-error, stream-error=N")
            }
            guard let probability = Double(halves[1]), (0...1).contains(probability) else {
                throw Problem(description: "'\(halves[1])' is not a probability from 0 to 1")
            }
            rules.append(Rule(fault, probability))
        }
        guard rules.reduce(0, { $0 + $1.probability }) <= 1.000_001 else {
            throw Problem(description: "the probabilities add up to more than 1")
        }
        self.rules = rules
    }

    /// The fault for a draw from 0..<1; nil: none.
    package func fault(for draw: Double) -> Fault? {
        var edge = 0.0
        for rule in rules {
            edge += rule.probability
            if draw < edge { return rule.fault }
        }
        return nil
    }
}
