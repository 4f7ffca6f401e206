import Wire

/// A list of tools and the order it is to be in.
struct ToolList {
    /// The array's node.
    let node: Int
    /// The elements' nodes in their new order; nil: they stand in it.
    let order: [Int]?
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
    func list(_ node: Int) -> ToolList {
        ToolList(node: node, order: order(of: node, key: source.form == .geminiGenerate ? groupKey : toolKey))
    }

    /// The functions of a Gemini group; nil: they stand in order.
    func declarations(_ node: Int) -> [Int]? {
        order(of: node) { ToolKey(kind: ToolName(), name: name($0)) }
    }

    private func order(of node: Int, key: (Int) -> ToolKey) -> [Int]? {
        var previous: ToolKey?
        var isOrdered = true
        for element in source.index.elements(of: node) {
            let key = key(element)
            if let previous, key.precedes(previous) {
                isOrdered = false
                break
            }
            previous = key
        }
        guard !isOrdered else { return nil }
        let keys = source.index.elements(of: node).map { (node: $0, key: key($0)) }
        return keys.enumerated().sorted { one, other in
            if one.element.key.precedes(other.element.key) { return true }
            return !other.element.key.precedes(one.element.key) && one.offset < other.offset
        }.map(\.element.node)
    }

    private func toolKey(_ tool: Int) -> ToolKey {
        let kind = source.member("type", of: tool).map(text)
        // Anthropic's own tools need no type: it is `custom`.
        let usual = source.form == .anthropicMessages ? ToolName("custom") : ToolName()
        let named = source.member("function", of: tool) ?? source.member("custom", of: tool) ?? tool
        return ToolKey(kind: kind ?? usual, name: name(named))
    }

    /// Servers of tools have a label or a name of their own.
    private func name(_ tool: Int) -> ToolName {
        let name =
            source.member("name", of: tool) ?? source.member("server_label", of: tool)
            ?? source.member("mcp_server_name", of: tool)
        return name.map(text) ?? ToolName()
    }

    /// The first of a group's names by bytes, and the first of its functions.
    private func groupKey(_ group: Int) -> ToolKey {
        var kind: ToolName?
        var first = ToolName()
        for (key, value) in source.index.members(of: group) {
            let name = text(key)
            if kind.map(name.precedes) ?? true { kind = name }
            guard source.means(key, "functionDeclarations") || source.means(key, "function_declarations") else { continue }
            var lowest: ToolName?
            for function in source.index.elements(of: value) {
                let name = self.name(function)
                if lowest.map(name.precedes) ?? true { lowest = name }
            }
            first = lowest ?? ToolName()
        }
        return ToolKey(kind: kind ?? ToolName(), name: first)
    }

    private func text(_ node: Int) -> ToolName {
        guard source.index[node].hasEscapes else {
            return ToolName(UnsafeRawBufferPointer(rebasing: source.bytes[source.content(of: node)]))
        }
        return ToolName(source.index.string(node, in: source.bytes) ?? "")
    }
}

/// What a tool is ordered by.
private struct ToolKey {
    var kind: ToolName
    var name: ToolName

    func precedes(_ other: ToolKey) -> Bool {
        if kind.precedes(other.kind) { return true }
        return !other.kind.precedes(kind) && name.precedes(other.name)
    }
}

/// A text of the body, or what one with escapes means.
private struct ToolName {
    private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    private var decoded: [UInt8]?

    init() {}

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    init(_ text: String) {
        decoded = Array(text.utf8)
    }

    func precedes(_ other: ToolName) -> Bool {
        switch (decoded, other.decoded) {
        case (nil, nil): bytes.lexicographicallyPrecedes(other.bytes)
        case (let one?, nil): one.lexicographicallyPrecedes(other.bytes)
        case (nil, let two?): bytes.lexicographicallyPrecedes(two)
        case (let one?, let two?): one.lexicographicallyPrecedes(two)
        }
    }
}
