/// A slot chosen for a prompt.
package struct PrefixChoice: Sendable, Equatable {
    /// In the list of slots that was given.
    package var index: Int
    /// Tokens of the prompt that should be in the slot's cache; 0: it is cold, as far as is known.
    package var warmTokens: Int64

    package init(index: Int, warmTokens: Int64) {
        self.index = index
        self.warmTokens = warmTokens
    }
}
