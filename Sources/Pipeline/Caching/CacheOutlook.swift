/// What the gateway knows of a request's session and of the cache it goes to. nil: it does not know.
package struct CacheOutlook: Sendable, Equatable {
    /// Typical time between two requests of this session: half of them come sooner.
    package var typicalGap: Duration?
    /// Requests of this session answered before; 0: this is its first.
    package var turnsSeen: Int?
    /// How many of the prompt's leading blocks were sent to this very cache (account and model) and should still be
    /// there: one more than the last place of `PreparedRequest.chain` that is known. 0: none.
    package var warmBlocks: Int?
    /// How many further requests, in thousandths, will begin with this whole prompt.
    package var expectedReusePermille: Int64?
    /// The same of its tools and instructions alone, which other sessions may share.
    package var sharedReusePermille: Int64?
    /// Whose request it is; nil: no key is derived.
    package var identity: CacheIdentity?

    package init(
        typicalGap: Duration? = nil, turnsSeen: Int? = nil, warmBlocks: Int? = nil,
        expectedReusePermille: Int64? = nil, sharedReusePermille: Int64? = nil, identity: CacheIdentity? = nil
    ) {
        self.typicalGap = typicalGap
        self.turnsSeen = turnsSeen
        self.warmBlocks = warmBlocks
        self.expectedReusePermille = expectedReusePermille
        self.sharedReusePermille = sharedReusePermille
        self.identity = identity
    }
}

/// What a cache key is made of: hashes alone, so that it tells the vendor nothing of who asks.
package struct CacheIdentity: Sendable, Equatable {
    /// A hash of the tenant with a secret of this installation.
    package var tenant: UInt64
    /// A hash that tells the tenant's conversations apart.
    package var conversation: UInt64
    /// Requests of this conversation that went out before this one, in a minute that is not over.
    package var sentThisMinute: Int

    package init(tenant: UInt64, conversation: UInt64, sentThisMinute: Int = 0) {
        self.tenant = tenant
        self.conversation = conversation
        self.sentThisMinute = sentThisMinute
    }
}
