/// `anthropic-version`. The later one knows no sampling parameters.
enum AnthropicVersion: String, Sendable {
    case june2023 = "2023-06-01"
    case october2026 = "2026-10-21"
}
