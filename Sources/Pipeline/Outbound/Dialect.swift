/// How a kind of vendor speaks: everything a vendor's name decides, as facts. Nothing else asks for the name.
///
/// A target of the client's own form gets the client's bytes: roles (`developer` too), unknown fields and deprecated ones
/// pass as they are, and what the vendor thinks of them is its answer.
package struct Dialect: Sendable {
    /// How its usage counts cached input.
    package enum UsageStyle: Sendable {
        /// The prompt's count includes what was read from and written to a cache.
        case inclusive
        /// Hits and misses are counted apart and together make the prompt.
        case hitsAndMisses
    }

    /// How a request carries the provider's key.
    package enum Authorization: Sendable {
        /// `authorization: Bearer <key>`
        case bearer
    }

    /// What it is spoken to in; nil: this kind is not built, and nothing can be sent to it.
    package let form: RequestForm?
    /// Behind the base URL, with its slash.
    package let chatPath: StaticString
    /// It answers `stream_options.include_usage` with a usage chunk, or at least does not refuse it.
    package let takesStreamUsage: Bool
    package let usageStyle: UsageStyle
    package let authorization: Authorization

    init(
        form: RequestForm?, chatPath: StaticString = "/chat/completions", takesStreamUsage: Bool = true,
        usageStyle: UsageStyle = .inclusive, authorization: Authorization = .bearer
    ) {
        self.form = form
        self.chatPath = chatPath
        self.takesStreamUsage = takesStreamUsage
        self.usageStyle = usageStyle
        self.authorization = authorization
    }

    /// Stands for a kind of vendor that is not built: rendering for it fails.
    package static let unbuilt = Dialect(form: nil)
}
