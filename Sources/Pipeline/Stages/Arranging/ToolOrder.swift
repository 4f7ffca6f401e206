import NIOCore
import Wire

/// A list of tools and the order it is to be in.
struct ToolList {
    /// The array's node.
    let node: Int
    /// In their new order.
    let tools: [ToolOutline]
    /// The order is another than the client's.
    let isMoved: Bool
    /// The functions of Gemini's groups that are in another order, by the node of their array.
    let declarations: [(node: Int, functions: [Int])]
    /// Cache marks, in the order of the body.
    let marks: [ToolOutline.Mark]
}

/// Puts tools in one order: by kind, then by name, byte for byte of what they mean; equal ones stay as they stood.
///
/// No vendor gives their order a meaning. A kind is what `type` says (`function`, `web_search_20250305`), in Gemini's form the
/// names of a group's members; functions of a Gemini group are ordered within it.
struct ToolOrder {
    let source: PromptSource

    init(_ source: PromptSource) {
        self.source = source
    }

    /// - Parameter node: an array.
    func list(_ node: Int, style: ToolOutline.Style) -> ToolList {
        var marks: [ToolOutline.Mark] = []
        var tools = ToolOutline.read(node, style, of: source.index, in: source.bytes, marks: &marks)
        var declarations: [(node: Int, functions: [Int])] = []
        var keys: [ToolKey] = []
        keys.reserveCapacity(tools.count)
        for tool in tools {
            var key = ToolKey(kind: text(tool.kind), name: text(tool.name))
            if style == .groups {
                key.kind = firstName(of: tool.node)
                if let list = tool.declarations { key.name = order(list, &declarations) }
            } else if tool.kind == nil, source.form == .anthropicMessages {
                // Anthropic's own tools need no type.
                key.kind = ToolName("custom")
            }
            keys.append(key)
        }
        let isMoved = Self.sort(&tools, by: &keys)
        return ToolList(node: node, tools: tools, isMoved: isMoved, declarations: declarations, marks: marks)
    }

    /// Orders a group's functions, and returns the first one's name.
    private func order(_ list: Int, _ declarations: inout [(node: Int, functions: [Int])]) -> ToolName {
        var functions: [Int] = []
        var keys: [ToolKey] = []
        for function in source.index.elements(of: list) {
            functions.append(function)
            keys.append(ToolKey(kind: ToolName(), name: text(source.member("name", of: function))))
        }
        if Self.sort(&functions, by: &keys) { declarations.append((list, functions)) }
        return keys.first?.name ?? ToolName()
    }

    /// The first of a group's names by bytes.
    private func firstName(of group: Int) -> ToolName {
        var first: ToolName?
        for (key, _) in source.index.members(of: group) {
            let name = text(key)
            if first.map({ name.compared(to: $0) < 0 }) ?? true { first = name }
        }
        return first ?? ToolName()
    }

    private func text(_ node: Int?) -> ToolName {
        guard let node else { return ToolName() }
        return ToolName(
            bytes: UnsafeRawBufferPointer(rebasing: source.bytes[source.content(of: node)]),
            hasEscapes: source.index[node].hasEscapes)
    }

    /// Puts elements in the order of their keys; false where they stood in it. Of many, their places are sorted.
    private static func sort<Element>(_ elements: inout [Element], by keys: inout [ToolKey]) -> Bool {
        var place = 1
        while place < keys.count, !keys[place].precedes(keys[place - 1]) { place += 1 }
        guard place < keys.count else { return false }
        if keys.count > 64 {
            let order = keys.indices.sorted { one, other in
                if keys[one].precedes(keys[other]) { return true }
                return !keys[other].precedes(keys[one]) && one < other
            }
            elements = order.map { elements[$0] }
            keys = order.map { keys[$0] }
            return true
        }
        while place < keys.count {
            var before = place
            while before > 0, keys[before].precedes(keys[before - 1]) {
                keys.swapAt(before, before - 1)
                elements.swapAt(before, before - 1)
                before -= 1
            }
            place += 1
        }
        return true
    }
}

/// What a tool is ordered by.
private struct ToolKey {
    var kind: ToolName
    var name: ToolName

    func precedes(_ other: ToolKey) -> Bool {
        let kinds = kind.compared(to: other.kind)
        return kinds < 0 || kinds == 0 && name.compared(to: other.name) < 0
    }
}

/// A text of the body, ordered by the bytes of what it means.
private struct ToolName {
    private let bytes: UnsafeRawBufferPointer
    private let hasEscapes: Bool

    init() {
        self.init(bytes: UnsafeRawBufferPointer(start: nil, count: 0), hasEscapes: false)
    }

    /// - Parameter bytes: outlive the name; escapes as written.
    init(bytes: UnsafeRawBufferPointer, hasEscapes: Bool) {
        self.bytes = bytes
        self.hasEscapes = hasEscapes
    }

    init(_ text: StaticString) {
        self.init(bytes: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), hasEscapes: false)
    }

    /// Negative: before the other; zero: the same.
    func compared(to other: ToolName) -> Int {
        guard hasEscapes || other.hasEscapes else { return Self.compare(bytes, other.bytes) }
        return meaning.withUnsafeBytes { one in other.meaning.withUnsafeBytes { Self.compare(one, $0) } }
    }

    /// Made anew for each comparison: names with escapes are next to unheard of.
    private var meaning: [UInt8] {
        guard hasEscapes else { return Array(bytes) }
        let text = JSONText(content: ByteBuffer(bytes: bytes))
        return Array(text.decoded.readableBytesView)
    }

    private static func compare(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Int {
        var place = 0
        let shorter = min(one.count, other.count)
        while place < shorter, one[place] == other[place] { place &+= 1 }
        return place < shorter ? Int(one[place]) - Int(other[place]) : one.count - other.count
    }
}
