import Identity
import Metering
import Testing

@Suite struct PriceStoreConformance {
    private func entry(_ model: String, _ provider: String?, _ prompt: Int64, from: Int64 = 0) -> PriceEntry {
        PriceEntry(
            model: model, provider: provider,
            price: Price(promptPicoUSD: prompt, completionPicoUSD: 2, cacheReadPicoUSD: 3, cacheWritePicoUSD: 4),
            effectiveFrom: from)
    }

    @Test(arguments: Backend.allCases)
    func pricesAreListedByModelAndThenProvider(_ backend: Backend) async throws {
        let store = try backend.make()
        #expect(try await store.prices().isEmpty)
        var long = entry("b", "", 1)
        long.price.cacheWrite1hPicoUSD = 5
        let expected = [entry("a", nil, 1), entry("a", "x", 2), entry("b", nil, 3), long, entry("b", "y", 4)]
        for one in expected.reversed() { try await store.putPrice(one) }
        #expect(try await store.prices() == expected)
    }

    @Test(arguments: Backend.allCases)
    func theLatestPriceInForceCounts(_ backend: Backend) async throws {
        let clock = StandingClock(1_000)
        let store = try backend.make(now: clock.now)
        try await store.putPrice(entry("m", nil, 10, from: 1_001))
        try await store.putPrice(entry("m", nil, 9, from: 900))
        try await store.putPrice(entry("m", nil, 8, from: 800))
        #expect(try await store.prices() == [entry("m", nil, 9, from: 900)])
        clock.move(to: 1_001)
        #expect(try await store.prices() == [entry("m", nil, 10, from: 1_001)])
    }

    @Test(arguments: Backend.allCases)
    func aPriceOfTheSameMomentIsReplaced(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.putPrice(entry("m", "p", 1))
        try await store.putPrice(entry("m", nil, 2))
        try await store.putPrice(entry("m", "p", 3))
        #expect(try await store.prices() == [entry("m", nil, 2), entry("m", "p", 3)])
    }

    @Test(arguments: Backend.allCases)
    func hostileModelNamesKeepTheirOwnPrices(_ backend: Backend) async throws {
        let store = try backend.make()
        for (index, text) in HostileText.all.enumerated() {
            try await store.putPrice(entry(text, text, Int64(index)))
        }
        let prices = try await store.prices()
        for (index, text) in HostileText.all.enumerated() {
            let found = prices.filter { $0.model.utf8.elementsEqual(text.utf8) }
            #expect(found.map(\.price.promptPicoUSD) == [Int64(index)])
        }
    }
}

@Suite struct AccountStoreConformance {
    private func nano(_ units: Int64) -> NanoUSD { NanoUSD(units: units) }

    @Test(arguments: Backend.allCases)
    func aUserHasTheBalanceCreatedWithOrNone(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: nil)
        try await store.createUser(Sample.user(2), creditNanoUSD: 0)
        #expect(try await store.balance(user: Sample.id(1)) == nil)
        #expect(try await store.balance(user: Sample.id(2)) == .zero)
        await #expect(throws: StoreError.notFound) { _ = try await store.balance(user: Sample.id(3)) }
    }

    @Test(arguments: Backend.allCases)
    func aCreditCountsOncePerKey(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: 5)
        let user = Sample.id(1)
        #expect(try await store.credit(user: user, amount: nano(10), note: "", idempotencyKey: "a") == nano(15))
        #expect(try await store.credit(user: user, amount: nano(-3), note: "", idempotencyKey: "b") == nano(12))
        #expect(try await store.credit(user: user, amount: nano(10), note: "other", idempotencyKey: "a") == nano(12))
        #expect(try await store.balance(user: user) == nano(12))
    }

    @Test(arguments: Backend.allCases)
    func aKeyUsedForSomethingElseIsAConflict(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: 0)
        try await store.createUser(Sample.user(2), creditNanoUSD: 0)
        _ = try await store.credit(user: Sample.id(1), amount: nano(1), note: "", idempotencyKey: "a")
        for (user, amount) in [(1, 2), (2, 1)] as [(UInt8, Int64)] {
            await #expect(throws: StoreError.conflict(field: "Idempotency-Key")) {
                _ = try await store.credit(
                    user: Sample.id(user), amount: NanoUSD(units: amount), note: "", idempotencyKey: "a")
            }
        }
        await #expect(throws: StoreError.notFound) {
            _ = try await store.credit(user: Sample.id(3), amount: .zero, note: "", idempotencyKey: "c")
        }
        #expect(try await store.balance(user: Sample.id(1)) == nano(1))
        #expect(try await store.balance(user: Sample.id(2)) == .zero)
    }

    @Test(arguments: Backend.allCases)
    func creditMakesAUserWithoutALimitPrepaid(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: nil)
        let balance = try await store.credit(user: Sample.id(1), amount: nano(50), note: "n", idempotencyKey: "a")
        #expect(balance == nano(50))
        #expect(try await store.balance(user: Sample.id(1)) == nano(50))
    }

    @Test(arguments: Backend.allCases)
    func aCreditBeyondAllMoneyIsRefusedWhole(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: 1)
        await #expect(throws: StoreError.conflict(field: "amount")) {
            _ = try await store.credit(
                user: Sample.id(1), amount: NanoUSD(units: .max), note: "", idempotencyKey: "a")
        }
        #expect(try await store.credit(user: Sample.id(1), amount: nano(1), note: "", idempotencyKey: "a") == nano(2))
    }

    @Test(arguments: Backend.allCases)
    func creditsAtTheSameTimeAllCount(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    // Each key twice.
                    _ = try await store.credit(
                        user: Sample.id(1), amount: NanoUSD(units: 1), note: "", idempotencyKey: "\(number / 2)")
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.balance(user: Sample.id(1)) == nano(25))
    }
}
