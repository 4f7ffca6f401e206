package import Wire

/// Where an attempt goes.
package struct OutboundTarget: Sendable {
    package var dialect: Dialect
    /// What the vendor is asked for.
    package var model: String

    package init(dialect: Dialect, model: String) {
        self.dialect = dialect
        self.model = model
    }
}

/// A request in a target's words.
package struct RenderedRequest: Sendable {
    /// Behind the provider's base URL; begins with a slash.
    package let pathSuffix: StaticString
    /// What to change in the client's body.
    package let edits: JSONEdits
    /// The usage chunk was asked for on the gateway's own account: it is not shown to the client.
    package let hidesUsageChunk: Bool
    /// Fields of the client's that the target cannot carry, by name.
    package let droppedFields: [String]
    /// Fields whose meaning was carried in other words, by name. The model's name and the usage chunk are not counted.
    package let rewrittenFields: [String]
}
