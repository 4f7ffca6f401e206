/// How a vendor caches the prompts of one model in one form: what a mark must keep to, and what it can hope for.
///
/// Each kind of vendor has its own beside its dialect. What is said of prices here stands in for a price list that says
/// nothing of caching; `CacheTerms` go first.
package struct CacheRules: Sendable, Equatable {
    /// What a mark is, and where it may stand.
    package enum Marks: UInt8, Sendable {
        /// There is none: caches are automatic, or objects that other requests make.
        case none
        /// `cache_control` on tools, instructions and messages.
        case blocks
        /// `cache_control` on parts of instructions and of the user's messages.
        case parts
        /// `prompt_cache_breakpoint` on parts of instructions and of the user's messages.
        case breakpoints
    }

    /// A cache that the vendor keeps of its own accord, as long as a request has no mark.
    package struct Implicit: Sendable, Equatable {
        /// What a token read from it costs, in thousandths of an input token.
        package var readPermille: Int64
        /// How many of a thousand prompts that could be read from it are.
        package var hitPermille: Int64

        package init(readPermille: Int64, hitPermille: Int64) {
            self.readPermille = readPermille
            self.hitPermille = hitPermille
        }
    }

    /// How much of what two prompts begin with in common is found again.
    package enum Matching: Sendable, Equatable {
        /// All of it, down to whole steps of so many tokens; 1: to the token, or the vendor does not say.
        case steps(Int64)
        /// Up to the last mark in it.
        case marks
        /// The earlier prompt entire, or nothing.
        case units
    }

    /// Something beside the prompt that a cache is bound to, besides the model, which every cache is.
    package struct Binding: Sendable, Equatable {
        package var setting: CacheSetting
        /// What is found again all the same where it changes.
        package var keeps: CacheTier
    }

    package var marks = Marks.none
    package var matching = Matching.steps(1)
    package var bindings: [Binding] = []
    /// Marks a request may have, the client's and the vendor's own among them.
    package var mostMarks = 4
    /// The vendor itself marks the prompt's end, and it counts.
    package var marksEnd = false
    /// A shorter prefix is not cached; its mark does nothing.
    package var minimumTokens: Int64 = 1024
    /// Content blocks, its own among them, in which a mark finds an older entry; nil: however many.
    package var lookBack: Int?
    /// How long an unused entry lives, by a mark that says nothing of it.
    package var shortLife = Duration.seconds(300)
    /// What a mark can ask for instead; nil: nothing.
    package var longLife: Duration?
    /// What tokens cost, in thousandths of an input token.
    package var readPermille: Int64 = 100
    package var shortWritePermille: Int64 = 1_250
    package var longWritePermille: Int64 = 2_000
    package var implicit: Implicit?
    /// `prompt_cache_key` brings requests with the same one together.
    package var takesKey = false

    package init() {}

    /// Nothing to set: caches are automatic, or there are none.
    package static let automatic = CacheRules()

    /// The mark's text, with the comma before it.
    func text(_ life: CacheLife) -> StaticString {
        switch (marks, life) {
        case (.breakpoints, .short): #","prompt_cache_breakpoint":{"mode":"explicit"}"#
        case (.breakpoints, .long): #","prompt_cache_breakpoint":{"mode":"explicit","ttl":"12h"}"#
        case (_, .short): #","cache_control":{"type":"ephemeral"}"#
        case (_, .long): #","cache_control":{"type":"ephemeral","ttl":"1h"}"#
        }
    }

    func duration(_ life: CacheLife) -> Duration {
        switch life {
        case .short: shortLife
        case .long: longLife ?? shortLife
        }
    }
}

/// Which of a vendor's two lives a mark asks for.
package enum CacheLife: UInt8, Sendable { case short, long }
