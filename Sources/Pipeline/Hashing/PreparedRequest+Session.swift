extension PreparedRequest {
    private static let seed: UInt64 = 0x7365_7373_696F_6E31

    /// What tells a conversation from others of the same caller: the session's name where the client gave one, else the
    /// model and the first thing its user said, the client's cache marks left out, which move from turn to turn.
    ///
    /// - Parameters:
    ///   - name: a hash of the name; nil: none was given.
    ///   - caller: a hash of whose conversation it is.
    package func sessionHash(named name: UInt64?, caller: UInt64) -> UInt64 {
        let mine = StableHash.mix(Self.seed, caller)
        if let name { return StableHash.mix(mine, name) }
        var model = modelName
        let modelHash = model.withUTF8 { StableHash.hash(UnsafeRawBufferPointer($0), seed: mine) }
        return StableHash.mix(modelHash, openingHash)
    }
}
