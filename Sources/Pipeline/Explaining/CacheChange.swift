import Wire

/// Something that two requests say differently beside their prompts, or of them as a whole.
package struct CacheChange: Sendable, Equatable {
    package var setting: CacheSetting
    /// The member that says it, or what is counted.
    package var name: String
    /// What each says, as it is written, cut to some 60 bytes; nil: nothing.
    package var first: String?
    package var second: String?

    /// In the order of `CacheSetting`. What says the same in other words, or the usual thing where the other says nothing, is
    /// no change.
    static func all(
        _ first: PreparedRequest, _ one: MeaningComparison.Side, _ second: PreparedRequest, _ other: MeaningComparison.Side
    ) -> [CacheChange] {
        CacheSetting.allCases.compactMap { setting in
            switch setting {
            case .model:
                return first.modelName == second.modelName
                    ? nil : CacheChange(setting: setting, name: "model", first: first.modelName, second: second.modelName)
            case .images:
                let counts = (images(first), images(second))
                guard counts.0 != counts.1 else { return nil }
                return CacheChange(
                    setting: setting, name: "number of images", first: "\(counts.0)", second: "\(counts.1)")
            case .cacheKey, .textFormat, .effort, .verbosity, .serviceTier, .toolChoice, .thinking, .speed, .user:
                return changed(setting, in: first.kind.form, one, other)
            }
        }
    }

    private static func images(_ prepared: PreparedRequest) -> Int {
        prepared.view.attachments.reduce(0) { $0 + ($1.kind == .image ? 1 : 0) }
    }

    private static func changed(
        _ setting: CacheSetting, in form: RequestForm, _ one: MeaningComparison.Side, _ other: MeaningComparison.Side
    ) -> CacheChange? {
        for path in setting.paths(in: form) {
            let values = (value(path, of: setting, one), value(path, of: setting, other))
            let isSame =
                switch values {
                case (nil, nil): true
                case (let mine?, let theirs?): isEqual(mine, theirs, one, other)
                case (nil, _?), (_?, nil): false
                }
            guard !isSame else { continue }
            return CacheChange(
                setting: setting, name: path.map(\.description).joined(separator: "."),
                first: values.0.map { excerpt($0, one) }, second: values.1.map { excerpt($0, other) })
        }
        return nil
    }

    private static func isEqual(_ mine: Int, _ theirs: Int, _ one: MeaningComparison.Side, _ other: MeaningComparison.Side) -> Bool {
        var comparison = MeaningComparison(one, other)
        return comparison.compare(mine, theirs) == nil
    }

    /// nil: absent, null, or the usual.
    private static func value(_ path: [StaticString], of setting: CacheSetting, _ side: MeaningComparison.Side) -> Int? {
        var node = 0
        for name in path {
            guard let next = side.index.member(name, of: node, in: side.bytes) else { return nil }
            node = next
        }
        switch side.index.kind(of: node) {
        case .null: return nil
        case .true: return setting == .toolChoice ? nil : node
        case .string: return isUsual(node, setting, side) ? nil : node
        case .object:
            guard side.index.childCount(of: node) == 1, let type = side.index.member("type", of: node, in: side.bytes)
            else { return node }
            return isUsual(type, setting, side) ? nil : node
        case .array, .number, .false: return node
        }
    }

    private static func isUsual(_ node: Int, _ setting: CacheSetting, _ side: MeaningComparison.Side) -> Bool {
        setting.usualWords.contains { side.index.stringEquals(node, $0, in: side.bytes) }
    }

    private static func excerpt(_ node: Int, _ side: MeaningComparison.Side) -> String {
        let raw = side.raw(node)
        let text = String(decoding: raw.prefix(60), as: UTF8.self).filter { $0 != "\u{FFFD}" && !$0.isNewline }
        return raw.count > 60 ? text + "…" : text
    }
}
