/// A client's header field that may go on to a vendor of its own form.
package enum ClientHeader: UInt8, Sendable, CaseIterable {
    case anthropicVersion, anthropicBeta, openAIBeta

    /// In lower case.
    package var name: String {
        switch self {
        case .anthropicVersion: "anthropic-version"
        case .anthropicBeta: "anthropic-beta"
        case .openAIBeta: "openai-beta"
        }
    }
}

/// What a client's head says to vendors; nil: it does not.
package struct ClientHeaders: Sendable, Equatable {
    package var anthropicVersion: String?
    package var anthropicBeta: String?
    package var openAIBeta: String?

    package init(anthropicVersion: String? = nil, anthropicBeta: String? = nil, openAIBeta: String? = nil) {
        self.anthropicVersion = anthropicVersion
        self.anthropicBeta = anthropicBeta
        self.openAIBeta = openAIBeta
    }

    package subscript(_ header: ClientHeader) -> String? {
        switch header {
        case .anthropicVersion: anthropicVersion
        case .anthropicBeta: anthropicBeta
        case .openAIBeta: openAIBeta
        }
    }
}
