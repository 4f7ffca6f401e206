/// `limits`
enum LimitsSection {
    static func read(_ reader: MappingReader, into limits: inout LimitsSettings) {
        let log = reader.log
        reader.section("global") { readRates($0, into: &limits.global) }
        reader.section("per_ip") { readRates($0, into: &limits.perIP) }
        reader.section("plans") { plans in
            for (name, value) in plans.allEntries() {
                checkPlanName(name, place: value.place, log: log)
                guard let section = MappingReader(value, log: log) else { continue }
                // What a written plan leaves out is no limit, also in a built-in one.
                var plan = PlanSettings()
                readRates(section, into: &plan.rates)
                section.read("tokens_per_month", into: &plan.tokensPerMonth) { rate($0, log: log) }
                section.read("price_multiplier", into: &plan.priceMultiplierMillionths) { multiplier($0, log: log) }
                section.finish()
                limits.plans[name] = plan
            }
        }
        reader.section("models") { models in
            for (name, value) in models.allEntries() {
                guard let section = MappingReader(value, log: log) else { continue }
                var rates = RateLimitSettings()
                readRates(section, into: &rates)
                section.finish()
                limits.models[name] = rates
            }
        }
    }

    private static func readRates(_ section: MappingReader, into rates: inout RateLimitSettings) {
        let log = section.log
        section.read("requests_per_second", into: &rates.requestsPerSecond) { rate($0, log: log) }
        section.read("requests_per_minute", into: &rates.requestsPerMinute) { rate($0, log: log) }
        section.read("tokens_per_minute", into: &rates.tokensPerMinute) { rate($0, log: log) }
        section.read("algorithm", into: &rates.algorithm) { log.choice($0) }
        section.read("burst", into: &rates.burst) { log.integer($0, in: Bounds.count) }
        if rates.burst != nil, rates.algorithm != .tokenBucket {
            log.error(section.place(of: "burst"), "goes only with `algorithm: token_bucket`")
        }
    }

    private static func rate(_ scalar: ScalarText, log: IssueLog) -> Int? {
        guard scalar.text != "0" else {
            log.error(scalar.place, "a limit of 0 would refuse every call", fix: "remove it for no limit")
            return nil
        }
        return log.integer(scalar, in: Bounds.rate)
    }

    /// A decimal from 0 to 1000 with up to six digits behind the point.
    private static func multiplier(_ scalar: ScalarText, log: IssueLog) -> Int64? {
        guard let value = Millionths.parse(scalar.text), value <= 1_000_000_000 else {
            log.error(
                scalar.place, "\(scalar.quoted)is not a factor",
                fix: "from 0 to 1000, up to six digits behind the point: 0.8")
            return nil
        }
        return value
    }

    private static func checkPlanName(_ name: String, place: Place, log: IssueLog) {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
                || byte == 0x2D || byte == 0x5F || byte == 0x2E
        }
        guard (1...64).contains(name.utf8.count), isPlain else {
            log.error(place, "is not a plan's name", fix: "up to 64 letters, digits, dots, dashes and underscores")
            return
        }
    }
}
