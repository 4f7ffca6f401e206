import FoundationEssentials
import Foundation

/// A reference for what a message or an instruction means, whatever its spelling: another reader than the product's.
enum Meaning {
    /// One spelling for one meaning; the text itself where it is not JSON to this reader.
    static func of(_ json: String) -> String {
        guard let value = try? JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed),
            let data = try? JSONSerialization.data(
                withJSONObject: content(value), options: [.sortedKeys, .fragmentsAllowed])
        else { return json }
        return String(decoding: data, as: UTF8.self)
    }

    private static func normal(_ value: Any) -> Any {
        switch value {
        case let object as [String: Any]:
            var result: [String: Any] = [:]
            for (key, member) in object { result[key] = key == "content" ? content(member) : normal(member) }
            return result
        case let list as [Any]: return list.map(normal)
        default: return value
        }
    }

    /// A list of one text is the text.
    private static func content(_ value: Any) -> Any {
        guard let list = value as? [Any], list.count == 1, let part = list[0] as? [String: Any], part.count == 2,
            let type = part["type"] as? String, ["text", "input_text", "output_text"].contains(type),
            let text = part["text"] as? String
        else { return normal(value) }
        return text
    }
}
