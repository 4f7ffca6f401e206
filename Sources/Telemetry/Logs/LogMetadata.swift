internal import Logging

/// Brings the metadata of a handler, its provider and an event together.
enum LogMetadata {
    /// Names and texts, sorted by name; later layers win. Dictionaries become dotted names, lists are joined by commas,
    /// and the error is under `error`.
    static func flattened(_ layers: [Logger.Metadata?], error: (any Error)?) -> [(name: String, text: String)] {
        var flat: [String: String] = [:]
        for layer in layers {
            guard let layer else { continue }
            for (name, value) in layer { add(value, named: name, to: &flat) }
        }
        if let error, flat["error"] == nil { flat["error"] = "\(error)" }
        if flat.isEmpty { return [] }
        return flat.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func add(_ value: Logger.MetadataValue, named name: String, to flat: inout [String: String]) {
        switch value {
        case .dictionary(let members):
            for (member, value) in members { add(value, named: "\(name).\(member)", to: &flat) }
        case .array(let items):
            flat[name] = items.map { $0.description }.joined(separator: ",")
        case .string, .stringConvertible:
            flat[name] = value.description
        }
    }
}
