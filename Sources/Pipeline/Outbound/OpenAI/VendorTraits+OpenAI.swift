extension VendorTraits {
    /// OpenAI's own API, which the form is of.
    static let openAI: VendorTraits = {
        var traits = VendorTraits()
        traits.unknownFields = [.topK]
        return traits
    }()
}
