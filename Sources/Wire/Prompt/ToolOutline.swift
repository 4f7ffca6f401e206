/// What the order and the spelling of a tool's definition depend on.
package struct ToolOutline {
    /// The definition's node.
    package var node: Int
    /// The value of `type`; nil: there is none.
    package var kind: Int?
    /// The string it is called by: its name, or its server's label; nil: there is none.
    package var name: Int?
    /// A schema that the arguments must follow to the letter (`strict`).
    package var strictSchema: Int?
    /// A Gemini group's functions, an array.
    package var declarations: Int?
    /// `defer_loading` stands on it.
    package var isDeferred = false

    /// A cache mark on it.
    package struct Mark {
        /// The key's node.
        package var key: Int
        /// The object that bears it: the tool, or its function.
        package var object: Int
        package var tool: Int
        /// `prompt_cache_breakpoint`; false: `cache_control`.
        package var isBreakpoint: Bool
        /// It asks for the longer of its vendor's two lives.
        package var isLong: Bool
    }

    /// Which definitions are read.
    package enum Style: Sendable {
        /// Chat Completions: a function or custom tool stands in an object of its own.
        case nested
        /// Responses: functions are strict unless they say they are not (OpenAI's reference, function tools, read 2026-11).
        case strictByDefault
        /// Anthropic, and Chat Completions' deprecated functions.
        case plain
        /// Gemini.
        case groups
    }

    /// Reads the tools of the array at `list` in one walk over their own members; what is no object has a node alone.
    ///
    /// - Parameter marks: those of all tools are appended, in the order of the text.
    package static func read(
        _ list: Int, _ style: Style, of index: JSONIndex, in bytes: UnsafeRawBufferPointer, marks: inout [Mark]
    ) -> [ToolOutline] {
        var outlines: [ToolOutline] = []
        guard index.kind(of: list) == .array else { return outlines }
        let end = index.childEnd(of: list)
        var tool = list &+ 1
        while tool < end {
            var outline = ToolOutline(node: tool)
            outline.read(tool, style, index, bytes, &marks)
            outlines.append(outline)
            tool = max(tool &+ 1, index.successor(of: tool))
        }
        return outlines
    }

    private mutating func read(
        _ object: Int, _ style: Style, _ index: JSONIndex, _ bytes: UnsafeRawBufferPointer, _ marks: inout [Mark]
    ) {
        guard index.kind(of: object) == .object else { return }
        var (named, label, schema): (Int?, Int?, Int?)
        var isStrict = style == .strictByDefault
        let end = index.childEnd(of: object)
        var key = object &+ 1
        while key < end {
            let value = key &+ 1
            switch index.meaningCount(key, in: bytes) {
            case 4 where index.means(key, "name", in: bytes): named = value
            case 4 where index.means(key, "type", in: bytes): if object == node { kind = value }
            case 6 where index.means(key, "strict", in: bytes):
                isStrict = style == .strictByDefault ? index.kind(of: value) != .false : index.bool(value) == true
            case 6 where style == .nested && index.means(key, "custom", in: bytes),
                8 where style == .nested && index.means(key, "function", in: bytes):
                if object == node { read(value, style, index, bytes, &marks) }
            case 10 where index.means(key, "parameters", in: bytes), 12 where index.means(key, "input_schema", in: bytes):
                schema = value
            case 12 where index.means(key, "server_label", in: bytes),
                15 where index.means(key, "mcp_server_name", in: bytes):
                label = value
            case 13 where index.means(key, "defer_loading", in: bytes): isDeferred = true
            case 13 where index.means(key, "cache_control", in: bytes): addMark(key, object, false, index, bytes, &marks)
            case 23 where index.means(key, "prompt_cache_breakpoint", in: bytes):
                addMark(key, object, true, index, bytes, &marks)
            case 20 where style == .groups && index.means(key, "functionDeclarations", in: bytes),
                21 where style == .groups && index.means(key, "function_declarations", in: bytes):
                if index.kind(of: value) == .array { declarations = value }
            default: break
            }
            key = max(value, index.successor(of: value))
        }
        // The inner object's goes before the tool's own, wherever it stands.
        name = name ?? named ?? label
        if isStrict, let schema, index.kind(of: schema) == .object { strictSchema = schema }
    }

    private func addMark(
        _ key: Int, _ object: Int, _ isBreakpoint: Bool, _ index: JSONIndex, _ bytes: UnsafeRawBufferPointer,
        _ marks: inout [Mark]
    ) {
        marks.append(
            Mark(
                key: key, object: object, tool: node, isBreakpoint: isBreakpoint,
                isLong: index.isLongMark(key &+ 1, in: bytes)))
    }
}

extension JSONIndex {
    /// Bytes of what a string means.
    @inline(__always)
    fileprivate func meaningCount(_ position: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        let node = self[position]
        guard node.hasEscapes, let content = content(node, in: bytes) else { return Int(node.end &- node.start) &- 2 }
        return JSONDecodedBytes(content).reduce(0) { count, _ in count &+ 1 }
    }
}
