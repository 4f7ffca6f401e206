extension VendorTraits {
    /// Azure OpenAI: as OpenAI (learn.microsoft.com, API version life cycle, read 2026-11).
    static let azureOpenAI = VendorTraits.openAI
}
