/// Checks what one part of the file says of another, once all is read.
enum References {
    static func check(_ reader: MappingReader, configuration: Configuration) {
        let log = reader.log
        let modelNames = names(of: "models", in: reader)
        for item in reader.items("models") {
            guard let model = MappingReader(item, log: log) else { continue }
            for fallback in model.texts("fallbacks") where !fallback.text.contains("*") {
                guard !modelNames.contains(fallback.text) else { continue }
                log.error(
                    fallback.place, "\(fallback.quoted)is not a model of this file",
                    fix: NearestName.fix(for: fallback.text, among: modelNames))
            }
        }
        for item in reader.items("routes") {
            guard let model = MappingReader(item, log: log)?.text("model"), !covers(modelNames, model.text) else {
                continue
            }
            log.error(
                model.place, "\(model.quoted)is not a model of this file",
                fix: NearestName.fix(for: model.text, among: modelNames))
        }
        checkLimitedModels(reader, modelNames: modelNames)
        checkTargets(reader, configuration: configuration)
    }

    private static func names(of key: String, in reader: MappingReader) -> [String] {
        reader.items(key).compactMap { MappingReader($0, log: reader.log)?.text("name")?.text }
    }

    private static func checkLimitedModels(_ reader: MappingReader, modelNames: [String]) {
        guard let limits = reader.value("limits").flatMap({ MappingReader($0, log: reader.log) }),
            let models = limits.value("models").flatMap({ MappingReader($0, log: reader.log) })
        else { return }
        for (name, value) in models.allEntries() where !covers(modelNames, name) {
            reader.log.error(
                value.place, "is not a model of this file", fix: NearestName.fix(for: name, among: modelNames))
        }
    }

    /// A model whose every target waits for a kind that is not built yet answers `upstream_unavailable`.
    private static func checkTargets(_ reader: MappingReader, configuration: Configuration) {
        for item in reader.items("models") {
            guard let section = MappingReader(item, log: reader.log), let name = section.text("name")?.text,
                let model = configuration.models.first(where: { $0.name == name }), !model.targets.isEmpty
            else { continue }
            let kinds = model.targets.map { configuration.provider(named: $0.provider)?.kind.isBuilt ?? true }
            guard !kinds.contains(true) else { continue }
            reader.log.warning(
                section.place(of: "targets"),
                "no target's provider kind is built yet: calls of `\(Place.printable(name))` answer upstream_unavailable"
            )
        }
    }

    /// True where a name is in the list, or begins as one that ends in a star.
    private static func covers(_ names: [String], _ name: String) -> Bool {
        names.contains { $0 == name || ($0.hasSuffix("*") && name.hasPrefix($0.dropLast())) }
    }
}
