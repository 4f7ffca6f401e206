import Identity
import Metering
import Testing

@Suite struct UserStoreConformance {
    @Test(arguments: Backend.allCases)
    func aUserIsFoundAsCreated(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(), creditNanoUSD: nil)
        #expect(try await store.user(id: Sample.id(1)) == Sample.user())
        #expect(try await store.user(id: Sample.id(2)) == nil)
    }

    @Test(arguments: Backend.allCases)
    func hostileTextsComeBackWhole(_ backend: Backend) async throws {
        let store = try backend.make()
        for (number, text) in HostileText.all.enumerated() {
            var user = Sample.user(UInt8(number), email: text)
            user.name = text
            user.plan = text
            try await store.createUser(user, creditNanoUSD: nil)
            let found = try #require(try await store.user(id: user.id))
            #expect(found.email.utf8.elementsEqual(text.utf8))
            #expect(found.name.utf8.elementsEqual(text.utf8))
            #expect(found.plan.utf8.elementsEqual(text.utf8))
        }
        #expect(try await store.users(limit: 1_000, after: nil).count == HostileText.all.count)
    }

    @Test(arguments: Backend.allCases)
    func anEmailOrIDIsTakenOnce(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1, email: "a@b"), creditNanoUSD: nil)
        await #expect(throws: DirectoryError.conflict(field: "email")) {
            try await store.createUser(Sample.user(2, email: "a@b"), creditNanoUSD: nil)
        }
        await #expect(throws: DirectoryError.conflict(field: "id")) {
            try await store.createUser(Sample.user(1, email: "c@d"), creditNanoUSD: nil)
        }
        #expect(try await store.users(limit: 10, after: nil) == [Sample.user(1, email: "a@b")])
    }

    @Test(arguments: Backend.allCases)
    func usersAreListedOldestFirstPageByPage(_ backend: Backend) async throws {
        let store = try backend.make()
        // Some are of equal age; made in no order.
        for number in [7, 2, 9, 4, 1, 8, 3] as [UInt8] {
            try await store.createUser(Sample.user(number, createdAt: Int64(number / 3)), creditNanoUSD: nil)
        }
        var listed: [User] = []
        while true {
            let page = try await store.users(limit: 2, after: listed.last?.id)
            listed += page
            if page.count < 2 { break }
        }
        #expect(listed.map(\.id) == ([1, 2, 3, 4, 7, 8, 9] as [UInt8]).map(Sample.id))
        #expect(try await store.users(limit: 1_001, after: nil) == listed)
        #expect(try await store.users(limit: 0, after: nil).isEmpty)
        #expect(try await store.users(limit: -1, after: nil).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func aListCannotGoOnBehindNobody(_ backend: Backend) async throws {
        let store = try backend.make()
        await #expect(throws: DirectoryError.conflict(field: "after")) {
            _ = try await store.users(limit: 10, after: Sample.id(9))
        }
    }

    @Test(arguments: Backend.allCases)
    func aChangeTouchesOnlyWhatItNames(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(), creditNanoUSD: 7)
        var change = UserChange()
        change.plan = "pro"
        var expected = Sample.user()
        expected.plan = "pro"
        expected.updatedAt = 500
        #expect(try await store.updateUser(id: Sample.id(1), change, now: 500) == expected)
        #expect(try await store.user(id: Sample.id(1)) == expected)
        #expect(try await store.balance(user: Sample.id(1)) == NanoUSD(units: 7))
    }

    @Test(arguments: Backend.allCases)
    func aChangeToATakenEmailIsRefusedAndToOnesOwnIsNot(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1, email: "a"), creditNanoUSD: nil)
        try await store.createUser(Sample.user(2, email: "b"), creditNanoUSD: nil)
        var change = UserChange()
        change.email = "b"
        await #expect(throws: DirectoryError.conflict(field: "email")) {
            _ = try await store.updateUser(id: Sample.id(1), change, now: 1)
        }
        #expect(try await store.updateUser(id: Sample.id(2), change, now: 1).email == "b")
        await #expect(throws: DirectoryError.notFound) {
            _ = try await store.updateUser(id: Sample.id(3), change, now: 1)
        }
    }

    @Test(arguments: Backend.allCases)
    func aDeletedUserTakesTheKeysAlongAndLeavesWhatWasUsed(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: nil)
        try await store.createUser(Sample.user(2), creditNanoUSD: nil)
        try await store.createKey(Sample.key(10, user: 1))
        try await store.createKey(Sample.key(11, user: 2))
        try await store.post([Sample.fullRecord(20, user: 1)])
        try await store.deleteUser(id: Sample.id(1))
        #expect(try await store.user(id: Sample.id(1)) == nil)
        #expect(try await store.keys(user: nil, limit: 10, after: nil).map(\.id) == [Sample.id(11)])
        #expect(try await store.caller(for: Sample.digest("key 10")) == nil)
        #expect(try await store.request(id: Sample.id(20)) == Sample.fullRecord(20, user: 1))
        await #expect(throws: DirectoryError.notFound) { try await store.deleteUser(id: Sample.id(1)) }
    }
}
