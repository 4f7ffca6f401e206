import FoundationEssentials
import Identity
import Metering
import Testing

@Suite struct UsageStoreConformance {
    @Test(arguments: Backend.allCases)
    func aRecordComesBackWhole(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.post([Sample.fullRecord(1), Sample.record(2)])
        #expect(try await store.request(id: Sample.id(1)) == Sample.fullRecord(1))
        #expect(try await store.request(id: Sample.id(2)) == Sample.record(2))
        #expect(try await store.request(id: Sample.id(3)) == nil)
    }

    @Test(arguments: Backend.allCases)
    func theEndsOfEveryRangeComeBackWhole(_ backend: Backend) async throws {
        let store = try backend.make()
        var record = Sample.fullRecord(1)
        record.prefixHash = .max
        record.cost = NanoUSD(units: .min)
        record.vendorCost = NanoUSD(units: .max)
        record.httpStatus = .max
        record.createdAtMicroseconds = .min
        record.usage.uncachedInput = .max
        record.usage.cacheWrite1h = .max
        record.usage.visibleOutput = .max
        record.attempts[1].usage = record.usage
        try await store.post([record])
        #expect(try await store.request(id: record.id) == record)
    }

    @Test(arguments: Backend.allCases)
    func hostileTextsComeBackWhole(_ backend: Backend) async throws {
        let store = try backend.make()
        for text in HostileText.all {
            var record = Sample.fullRecord(1)
            record.id = UUID()
            record.clientRequestID = text
            record.model = text
            record.provider = text
            record.upstreamModel = text
            record.errorCode = text
            record.vendorUsage = text
            record.attempts[0].providerKeyID = text
            record.attempts[0].errorType = text
            try await store.post([record])
            let found = try #require(try await store.request(id: record.id))
            #expect(found == record)
            #expect(found.model.utf8.elementsEqual(text.utf8))
            #expect(found.vendorUsage?.utf8.elementsEqual(text.utf8) == true)
            var query = RequestQuery()
            query.model = text
            #expect(try await store.requests(query).records.map(\.id) == [record.id])
        }
    }

    @Test(arguments: Backend.allCases)
    func twiceIsOnce(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: 1_000_000)
        let record = Sample.fullRecord(10)
        var forged = Sample.fullRecord(10)
        forged.cost = NanoUSD(units: 5)
        try await store.post([record, record])
        try await store.post([forged, Sample.record(11)])
        #expect(try await store.request(id: record.id) == record)
        #expect(try await store.balance(user: Sample.id(1)) == NanoUSD(units: 1_000_000 - 127_000))
        #expect(try await store.usage(groupBy: [], from: nil, to: nil).map(\.requests) == [2])
    }

    @Test(arguments: Backend.allCases)
    func costsAreTakenFromBalancesWhichMayFallBelowZero(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: 200_000)
        try await store.createUser(Sample.user(2), creditNanoUSD: nil)
        try await store.post([
            Sample.fullRecord(10, user: 1), Sample.fullRecord(11, user: 1), Sample.fullRecord(12, user: 2),
            Sample.fullRecord(13, user: 3),
        ])
        #expect(try await store.balance(user: Sample.id(1)) == NanoUSD(units: 200_000 - 2 * 127_000))
        #expect(try await store.balance(user: Sample.id(2)) == nil)
        #expect(try await store.request(id: Sample.id(13)) != nil)
    }

    @Test(arguments: Backend.allCases)
    func aBalanceStopsAtTheEndOfItsRange(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: -10)
        for number in [10, 11] as [UInt8] {
            var record = Sample.record(number)
            record.cost = NanoUSD(units: .max)
            record.usage.uncachedInput = .max
            try await store.post([record])
        }
        #expect(try await store.balance(user: Sample.id(1)) == NanoUSD(units: .min))
        let sum = try #require(try await store.usage(groupBy: [], from: nil, to: nil).first)
        #expect(sum.cost == NanoUSD(units: .max))
        #expect(sum.promptTokens == .max)
    }

    @Test(arguments: Backend.allCases)
    func postingAtTheSameTimeCountsEachRecordOnce(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.createUser(Sample.user(1), creditNanoUSD: 0)
        let records = (0..<100).map { Sample.fullRecord(UInt8($0)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: 90, by: 10) {
                // Each batch reaches into the next.
                group.addTask { try await store.post(Array(records[start..<start + 20])) }
            }
            try await group.waitForAll()
        }
        #expect(try await store.balance(user: Sample.id(1)) == NanoUSD(units: -100 * 127_000))
        #expect(try await store.usage(groupBy: [], from: nil, to: nil).map(\.requests) == [100])
    }
}

@Suite struct RequestStoreConformance {
    @Test(arguments: Backend.allCases)
    func pagesGoFromNewestToOldestWithoutGapOrRepeat(_ backend: Backend) async throws {
        let store = try backend.make()
        // Several of the same moment; posted in no order.
        let records = (0..<23).map { step in
            let number = step * 7 % 23
            return Sample.record(UInt8(number), at: Int64(number / 4))
        }
        try await store.post(records)
        var query = RequestQuery()
        query.limit = 5
        var listed: [UsageRecord] = []
        repeat {
            let page = try await store.requests(query)
            #expect(page.records.count <= 5)
            listed += page.records
            query.after = page.next
        } while query.after != nil
        #expect(listed.map(\.id) == (0..<23).reversed().map { Sample.id(UInt8($0)) })
    }

    @Test(arguments: Backend.allCases)
    func aPageThatJustFitsIsTheLast(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.post((0..<4).map { Sample.fullRecord(UInt8($0)) })
        var query = RequestQuery()
        query.limit = 4
        let page = try await store.requests(query)
        #expect(page.next == nil)
        #expect(page.records == (0..<4).reversed().map { Sample.fullRecord(UInt8($0)) })
    }

    @Test(arguments: Backend.allCases, [0, -5, .min, .max, 1_001])
    func aLimitOutOfRangeIsBroughtIntoIt(_ backend: Backend, limit: Int) async throws {
        let store = try backend.make()
        try await store.post([Sample.record(1), Sample.record(2)])
        var query = RequestQuery()
        query.limit = limit
        #expect(try await store.requests(query).records.count == (limit < 1 ? 1 : 2))
    }

    @Test(
        arguments: Backend.allCases,
        [
            "", ".", "x", "1", "1.", ".\(Sample.id(1))", "1.nonsense", "+1.01010203-0405-0607-0809-abcdef0d0e01",
            "1.01010203-0405-0607-0809-ABCDEF0D0E01", "99999999999999999999.01010203-0405-0607-0809-abcdef0d0e01",
            "1.01010203-0405-0607-0809-abcdef0d0e01 ", "\0", "1' OR '1'='1",
        ])
    func aMalformedCursorIsRefused(_ backend: Backend, cursor: String) async throws {
        let store = try backend.make()
        await #expect(throws: StoreError.conflict(field: "after")) {
            var query = RequestQuery()
            query.after = cursor
            _ = try await store.requests(query)
        }
    }

    @Test(arguments: Backend.allCases)
    func eachConditionRestricts(_ backend: Backend) async throws {
        let store = try backend.make()
        var records = (0..<6).map { Sample.record(UInt8($0), at: Int64($0)) }
        records[1].userID = Sample.id(100)
        records[2].apiKeyID = Sample.id(101)
        records[3].model = "other"
        records[4].provider = "anthropic"
        records[5].status = .error
        try await store.post(records)
        let cases: [(name: String, change: (inout RequestQuery) -> Void, found: [Int])] = [
            ("user", { $0.user = Sample.id(100) }, [1]),
            ("key", { $0.key = Sample.id(101) }, [2]),
            ("model", { $0.model = "other" }, [3]),
            ("provider", { $0.provider = "anthropic" }, [4]),
            ("status", { $0.status = .error }, [5]),
            ("from, inclusive", { $0.from = 4 }, [5, 4]),
            ("to, exclusive", { $0.to = 2 }, [1, 0]),
            ("empty time", { ($0.from, $0.to) = (3, 3) }, []),
            ("several", { ($0.user, $0.from, $0.to) = (Sample.id(1), 1, 3) }, [2]),
        ]
        for one in cases {
            var query = RequestQuery()
            one.change(&query)
            let found = try await store.requests(query).records.map(\.id)
            #expect(found == one.found.map { records[$0].id }, "\(one.name)")
        }
    }

    @Test(arguments: Backend.allCases)
    func sumsAreGroupedByEveryDimensionAsked(_ backend: Backend) async throws {
        let store = try backend.make()
        let day: Int64 = 86_400_000_000
        var records = (0..<4).map { number in
            var record = Sample.fullRecord(UInt8(number))
            record.createdAtMicroseconds = 20_000 * day + Int64(number / 2) * day
            return record
        }
        records[3].model = "other"
        try await store.post(records)
        func sum(_ group: [String], _ count: Int64) -> UsageSum {
            UsageSum(
                group: group, requests: count, promptTokens: count * 10, completionTokens: count * 11,
                cacheReadTokens: count * 2, cacheWriteTokens: count * 7, cost: NanoUSD(units: count * 127_000))
        }
        #expect(
            try await store.usage(groupBy: [.model, .day], from: nil, to: nil) == [
                sum(["gpt-4o", "2024-10-04"], 2), sum(["gpt-4o", "2024-10-05"], 1), sum(["other", "2024-10-05"], 1),
            ])
        let user = "01010203-0405-0607-0809-abcdef0d0e01"
        let key = "c8010203-0405-0607-0809-abcdef0d0ec8"
        #expect(
            try await store.usage(groupBy: [.status, .user, .key, .provider], from: nil, to: nil)
                == [sum(["cancelled", user, key, "openai"], 4)])
        #expect(try await store.usage(groupBy: [], from: 20_001 * day, to: nil) == [sum([], 2)])
        #expect(try await store.usage(groupBy: [], from: nil, to: 20_001 * day) == [sum([], 2)])
        #expect(try await store.usage(groupBy: [], from: 1, to: 2).isEmpty)
        #expect(try await store.usage(groupBy: [.model], from: 1, to: 2).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func daysBeginAtMidnightBefore1970Too(_ backend: Backend) async throws {
        let store = try backend.make()
        try await store.post([
            Sample.record(1, at: -1), Sample.record(2, at: 0), Sample.record(3, at: -86_400_000_000),
            Sample.record(4, at: -86_400_000_001),
        ])
        let sums = try await store.usage(groupBy: [.day], from: nil, to: nil)
        #expect(sums.map(\.group) == [["1969-12-30"], ["1969-12-31"], ["1970-01-01"]])
        #expect(sums.map(\.requests) == [1, 2, 1])
    }
}
