import Metering
import Testing

@testable import Stores

@Suite struct CacheMissConformance {
    private static func missed(_ number: UInt8, _ miss: CacheMiss, at time: Int64 = 0) -> UsageRecord {
        var record = Sample.record(number, at: time)
        record.cacheMiss = miss
        return record
    }

    private static let changed = CacheMiss(
        cause: .blockChanged, block: 1, blockKind: "system", missedTokens: 4_000, lost: NanoUSD(units: 9_000))
    private static let lapsed = CacheMiss(cause: .lifetimeOver, missedTokens: 2_000, lost: NanoUSD(units: 5))

    @Test(arguments: Backend.allCases)
    func onlyRequestsThatMissedAreListedNewestFirst(_ backend: Backend) async throws {
        let store = try backend.make()
        let first = Self.missed(1, Self.changed, at: 1)
        let third = Self.missed(3, Self.lapsed, at: 3)
        try await store.post([first, Sample.record(2, at: 2), third])
        let page = try await store.cacheMisses(CacheMissQuery())
        #expect(page.entries.map(\.id) == [third.id, first.id])
        #expect(page.entries.map(\.cacheMiss) == [Self.lapsed, Self.changed])
        #expect(page.next == nil)
        #expect(
            page.sums == [
                CacheMissSum(cause: .blockChanged, count: 1, missedTokens: 4_000, lost: NanoUSD(units: 9_000)),
                CacheMissSum(cause: .lifetimeOver, count: 1, missedTokens: 2_000, lost: NanoUSD(units: 5)),
            ])
    }

    @Test(arguments: Backend.allCases)
    func pagesFollowOneAnotherAndEachTellsTheSumsOfAll(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.post((0..<7).map { Self.missed(UInt8($0), Self.lapsed, at: Int64($0)) })
        var query = CacheMissQuery()
        query.requests.limit = 3
        var listed: [UsageRecord] = []
        repeat {
            let page = try await store.cacheMisses(query)
            #expect(page.sums.map(\.count) == [7])
            listed += page.entries
            query.requests.after = page.next
        } while query.requests.after != nil
        #expect(listed.map(\.id) == (0..<7).reversed().map { Sample.id(UInt8($0)) })
    }

    @Test(arguments: Backend.allCases)
    func aCauseAndAnyOtherConditionRestrictTheListAndTheSums(_ backend: Backend) async throws {
        let store = try backend.make()
        var other = Self.missed(2, Self.changed, at: 2)
        other.model = "other"
        try await store.post([Self.missed(1, Self.changed, at: 1), other, Self.missed(3, Self.lapsed, at: 3)])
        var query = CacheMissQuery()
        query.cause = .blockChanged
        #expect(try await store.cacheMisses(query).entries.map(\.id) == [other.id, Sample.id(1)])
        query.requests.model = "other"
        let page = try await store.cacheMisses(query)
        #expect(page.entries.map(\.id) == [other.id])
        #expect(page.sums.map(\.count) == [1])
    }

    @Test(arguments: Backend.allCases)
    func whatACacheSavedComesBackWithTheRequestAndInTheSums(_ backend: Backend) async throws {
        let store = try backend.make()
        var gained = Sample.record(1)
        gained.cacheSaved = NanoUSD(units: 900)
        var lost = Sample.record(2)
        lost.cacheSaved = NanoUSD(units: -250)
        try await store.post([gained, lost])
        #expect(try await store.request(id: lost.id)?.cacheSaved == NanoUSD(units: -250))
        #expect(try await store.usage(groupBy: [], from: nil, to: nil).map(\.cacheSaved) == [NanoUSD(units: 650)])
    }
}
