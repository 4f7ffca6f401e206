import Identity
import Testing

@Suite struct KeyStoreConformance {
    private func store(_ backend: Backend) async throws -> any MainStore {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: nil)
        try await store.createUser(Sample.user(2), creditNanoUSD: nil)
        return store
    }

    private var fullKey: APIKey {
        var key = Sample.key(10)
        key.allowedModels = HostileText.all
        key.scopes = ["chat", "a\0b"]
        key.allowedIPs = []
        key.requestsPerMinute = 60
        key.tokensPerMinute = .max
        key.budgetNanoUSD = 5_000_000_000
        key.expiresAt = 1_900_000_000
        key.isRevoked = true
        return key
    }

    @Test(arguments: Backend.allCases)
    func aKeyIsFoundAsCreated(_ backend: Backend) async throws {
        let store = try await store(backend)
        try await store.createKey(fullKey)
        try await store.createKey(Sample.key(11))
        #expect(try await store.key(id: Sample.id(10)) == fullKey)
        #expect(try await store.key(id: Sample.id(11)) == Sample.key(11))
        #expect(try await store.key(id: Sample.id(12)) == nil)
    }

    @Test(arguments: Backend.allCases)
    func aKeyNeedsAUserAndADigestOfItsOwn(_ backend: Backend) async throws {
        let store = try await store(backend)
        await #expect(throws: DirectoryError.notFound) { try await store.createKey(Sample.key(10, user: 9)) }
        try await store.createKey(Sample.key(10))
        await #expect(throws: DirectoryError.conflict(field: "id")) { try await store.createKey(Sample.key(10)) }
        await #expect(throws: DirectoryError.conflict(field: "key_hash")) {
            var same = Sample.key(10)
            same.id = Sample.id(11)
            try await store.createKey(same)
        }
        #expect(try await store.keys(user: nil, limit: 10, after: nil) == [Sample.key(10)])
    }

    @Test(arguments: Backend.allCases)
    func keysAreListedOldestFirstPageByPage(_ backend: Backend) async throws {
        let store = try await store(backend)
        for number in [17, 12, 19, 14, 11, 18, 13] as [UInt8] {
            try await store.createKey(Sample.key(number, user: number % 2 + 1, createdAt: Int64(number / 3)))
        }
        #expect(
            try await store.keys(user: nil, limit: 1_001, after: nil).map(\.id)
                == ([11, 12, 13, 14, 17, 18, 19] as [UInt8]).map(Sample.id))
        let first = try await store.keys(user: Sample.id(2), limit: 2, after: nil)
        #expect(first.map(\.id) == [Sample.id(11), Sample.id(13)])
        let second = try await store.keys(user: Sample.id(2), limit: 10, after: Sample.id(13))
        #expect(second.map(\.id) == [Sample.id(17), Sample.id(19)])
        #expect(try await store.keys(user: Sample.id(3), limit: 10, after: nil).isEmpty)
        await #expect(throws: DirectoryError.conflict(field: "after")) {
            _ = try await store.keys(user: nil, limit: 10, after: Sample.id(99))
        }
    }

    @Test(arguments: Backend.allCases)
    func aRevokedKeyIsKeptAndOpensNothing(_ backend: Backend) async throws {
        let store = try await store(backend)
        try await store.createKey(Sample.key(10))
        #expect(try await store.caller(for: Sample.digest("key 10")) != nil)
        try await store.revokeKey(id: Sample.id(10))
        #expect(try await store.caller(for: Sample.digest("key 10")) == nil)
        #expect(try await store.key(id: Sample.id(10))?.isRevoked == true)
        await #expect(throws: DirectoryError.notFound) { try await store.revokeKey(id: Sample.id(11)) }
    }

    @Test(arguments: Backend.allCases)
    func aReplacedKeyOpensByItsNewTextAlone(_ backend: Backend) async throws {
        let store = try await store(backend)
        try await store.createKey(Sample.key(10))
        try await store.createKey(Sample.key(11))
        try await store.replaceKey(id: Sample.id(10), digest: Sample.digest("new"), prefix: "sk-tr-ne")
        #expect(try await store.caller(for: Sample.digest("key 10")) == nil)
        #expect(try await store.caller(for: Sample.digest("new"))?.keyID == Sample.id(10))
        #expect(try await store.key(id: Sample.id(10))?.prefix == "sk-tr-ne")
        await #expect(throws: DirectoryError.conflict(field: "key_hash")) {
            try await store.replaceKey(id: Sample.id(10), digest: Sample.digest("key 11"), prefix: "")
        }
        await #expect(throws: DirectoryError.notFound) {
            try await store.replaceKey(id: Sample.id(12), digest: Sample.digest("x"), prefix: "")
        }
    }
}

@Suite struct KeyDirectoryConformance {
    @Test(arguments: Backend.allCases)
    func aCallerHasWhatTheKeyAndItsUserHave(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: nil)
        var key = Sample.key(10)
        key.allowedModels = ["gpt-*"]
        key.scopes = ["chat"]
        key.allowedIPs = ["10.0.0.0/8"]
        key.requestsPerMinute = 3
        key.tokensPerMinute = 4
        key.expiresAt = 1_900_000_000
        try await store.createKey(key)
        var expected = Caller(userID: Sample.id(1), keyID: Sample.id(10), plan: "free")
        expected.allowedModels = ["gpt-*"]
        expected.scopes = ["chat"]
        expected.allowedIPs = ["10.0.0.0/8"]
        expected.requestsPerMinute = 3
        expected.tokensPerMinute = 4
        expected.expiresAt = 1_900_000_000
        #expect(try await store.caller(for: key.digest) == expected)
        #expect(try await store.caller(for: Sample.digest("unknown")) == nil)
    }

    @Test(arguments: Backend.allCases)
    func aKeyOpensNothingFromTheSecondItExpires(_ backend: Backend) async throws {
        let clock = StandingClock(999)
        let store = try backend.make(now: clock.now)
        try await store.createUser(Sample.user(1), creditNanoUSD: nil)
        var key = Sample.key(10)
        key.expiresAt = 1_000
        try await store.createKey(key)
        #expect(try await store.caller(for: key.digest) != nil)
        clock.move(to: 1_000)
        #expect(try await store.caller(for: key.digest) == nil)
    }
}

@Suite struct ProcessMemoryConformance {
    @Test(arguments: Backend.allCases)
    func theLastWordUnderANameIsRemembered(_ backend: Backend) async throws {
        let store = try backend.make()
        #expect(try await store.recall("admin") == nil)
        for text in HostileText.all {
            try await store.remember("admin", text)
            try await store.remember(text, "of \(text.utf8.count)")
            #expect(try #require(try await store.recall("admin")).utf8.elementsEqual(text.utf8))
        }
        for text in HostileText.all {
            #expect(try await store.recall(text) == "of \(text.utf8.count)")
        }
    }
}
