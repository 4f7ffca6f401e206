import NIOCore
import Wire

/// A piece of a tool call, or the whole of it, as a delta has it.
struct ChatCallPiece {
    /// As given; nil: none was, as with some servers.
    private(set) var index: Int64?
    /// nil: none was given, or an empty one.
    private(set) var id: JSONText?
    /// nil: none was given, or an empty one.
    private(set) var name: JSONText?
    /// nil: none were given, or an empty text.
    private(set) var arguments: JSONText?
    private(set) var isCustom = false

    init(_ node: Int, _ nodes: ChatNodes) {
        for (key, value) in nodes.members(node) {
            switch key {
            case .index: index = nodes.number(value)
            case .id: id = nodes.text(value)
            case .type: isCustom = isCustom || nodes.means(value, "custom")
            case .function: readFunction(value, nodes)
            case .custom:
                isCustom = true
                readFunction(value, nodes)
            default: break
            }
        }
    }

    /// The deprecated `function_call`, of which an answer has one, without an id.
    init(deprecated node: Int, _ nodes: ChatNodes) {
        readFunction(node, nodes)
    }

    private mutating func readFunction(_ function: Int, _ nodes: ChatNodes) {
        for (key, value) in nodes.members(function) {
            switch key {
            case .name: name = nodes.text(value)
            case .arguments, .input:
                // Servers that have parsed what their model wrote may send the object itself.
                arguments = nodes.kind(value) == .object ? nodes.fragment(value).asText : nodes.text(value)
            default: break
            }
        }
    }
}
