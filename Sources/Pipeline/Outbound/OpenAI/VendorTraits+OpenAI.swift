extension VendorTraits {
    /// OpenAI's own API, which the form is of (package openai 3.52.0, read 2026-11). Its caches are automatic; only models
    /// from gpt-5.6 on take marks, the others refuse them.
    static let openAI: VendorTraits = {
        var traits = VendorTraits()
        traits.unknownFields = [.topK]
        return traits
    }()
}
