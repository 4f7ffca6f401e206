/// `models`
struct ModelSection {
    let log: IssueLog
    /// Every name the file gives a provider, also of those that are wrong otherwise.
    let providerNames: [String]
    private var names: SeenNames

    init(log: IssueLog, providerNames: [String]) {
        self.log = log
        self.providerNames = providerNames
        names = SeenNames(what: "model", log: log)
    }

    mutating func read(_ reader: MappingReader) -> ModelSettings? {
        let name = reader.requiredText("name").flatMap(modelName)
        if let name { names.note(name, place: reader.place(of: "name")) }
        reader.missing("targets", fix: "targets: [{provider: …, model: …}]")
        let targets = reader.sections("targets") { target($0, isWildcard: name?.hasSuffix("*") ?? true) }
        if targets.isEmpty, reader.has("targets"), case let place = reader.place(of: "targets"),
            !place.hasErrorBelow(in: log)
        {
            log.error(place, "needs at least one target", fix: "[{provider: …, model: …}]")
        }
        var model = ModelSettings(name: name ?? "", targets: targets)
        reader.read("strategy", into: &model.strategy) { log.choice($0) }
        reader.read("sticky", into: &model.sticky) { log.choice($0) }
        reader.read("strict", into: &model.strict, log.flag)
        reader.section("balance") { readBalance($0, into: &model.balance) }
        model.fallbacks = fallbacks(reader, of: name)
        reader.section("pipeline") { readPipeline($0, into: &model.pipeline) }
        reader.section("degrade") { section in
            section.missing("body", fix: "the JSON to answer")
            model.degradeBody = section.value("body").flatMap { JSONValue.read($0, log: log)?.text }
        }
        return name == nil ? nil : model
    }

    private func modelName(_ scalar: ScalarText) -> String? {
        guard let name = log.name(scalar, limit: 256) else { return nil }
        guard !name.dropLast().contains("*") else {
            log.error(
                scalar.place, "\(scalar.quoted)has a star that is not at its end", fix: "one star, the last character")
            return nil
        }
        return name
    }

    private func target(_ reader: MappingReader, isWildcard: Bool) -> TargetSettings? {
        let provider = reader.requiredText("provider")
        if let provider, !providerNames.contains(provider.text) {
            log.error(
                provider.place, "\(provider.quoted)is not a provider",
                fix: NearestName.fix(for: provider.text, among: providerNames))
        }
        let model = reader.requiredText("model", fix: "what the vendor is asked for")
        if let model, model.text.contains("*"), model.text != "*" || !isWildcard {
            log.error(
                model.place, "\(model.quoted)has a star",
                fix: "`*` alone hands on the rest of a model's name that ends in a star")
        }
        var target = TargetSettings(provider: provider?.text ?? "", model: "")
        if let model, let name = log.name(model, limit: 256) { target.model = name }
        target.version = reader.text("version").flatMap { log.name($0) }
        reader.read("weight", into: &target.weight) { log.integer($0, in: Bounds.weight) }
        target.tags = reader.texts("tags").compactMap { log.name($0) }
        reader.read("quality", into: &target.quality) { log.fraction($0, in: Bounds.share) }
        return provider == nil || model == nil ? nil : target
    }

    private func fallbacks(_ reader: MappingReader, of name: String?) -> [String] {
        var seen = SeenNames(what: "fallback", log: log)
        return reader.texts("fallbacks").map { fallback in
            if fallback.text == name {
                log.error(fallback.place, "a model cannot be its own fallback", fix: "remove it")
            }
            if fallback.text.contains("*") {
                log.error(
                    fallback.place, "\(fallback.quoted)has a star: a fallback is one model",
                    fix: "name a model without a star")
            }
            seen.note(fallback.text, place: fallback.place)
            return fallback.text
        }
    }

    private func readBalance(_ section: MappingReader, into balance: inout BalanceSettings) {
        section.read("cost", into: &balance.cost) { log.fraction($0, in: Bounds.share) }
        section.read("performance", into: &balance.performance) { log.fraction($0, in: Bounds.share) }
        section.read("quality", into: &balance.quality) { log.fraction($0, in: Bounds.share) }
        if balance.cost + balance.performance + balance.quality == 0 {
            log.error(section.place, "the shares are all zero")
        }
    }

    private func readPipeline(_ section: MappingReader, into pipeline: inout PipelineSettings) {
        section.read("arrange", into: &pipeline.arrange) { log.choice($0) }
        section.read("cache", into: &pipeline.cache) { log.choice($0) }
        section.read("max_history_tokens", into: &pipeline.maxHistoryTokens) { log.integer($0, in: 0...Int.max) }
        section.read("dedup", into: &pipeline.dedup) {
            log.choice($0, synonyms: ["true": .all, "on": .all, "yes": .all])
        }
        section.read("dedup_wait", into: &pipeline.dedupWait) { log.duration($0, in: Bounds.wait) }
        section.read("dedup_price", into: &pipeline.dedupPrice) { log.choice($0) }
        section.read("response_cache", into: &pipeline.responseCache, log.flag)
    }
}

extension Place {
    /// True where something inside is already said to be wrong.
    func hasErrorBelow(in log: IssueLog) -> Bool {
        log.issues.contains { $0.severity == .error && $0.file == file && $0.key.hasPrefix(key) }
    }
}
