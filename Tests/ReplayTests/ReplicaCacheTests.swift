import Testing

@testable import Replay

@Suite struct ReplicaCacheTests {
    @Test func aPromptsBeginningIsFoundUpToTheFirstBlockThatIsNew() {
        var cache = ReplicaCache(capacity: nil, ttlNanoseconds: nil)
        #expect(cache.serve([1, 2, 3], nowNanoseconds: 0) == 0)
        #expect(cache.serve([1, 2, 4, 3], nowNanoseconds: 0) == 2)
        #expect(cache.serve([1, 2, 3], nowNanoseconds: .max) == 3)
        #expect(cache.serve([], nowNanoseconds: 0) == 0)
    }

    @Test func theLeastRecentlyUsedGoesFirstAndOfOnePromptItsEnd() {
        var cache = ReplicaCache(capacity: 4, ttlNanoseconds: nil)
        _ = cache.serve([1, 2], nowNanoseconds: 0)
        _ = cache.serve([3, 4], nowNanoseconds: 0)
        #expect(cache.serve([1, 2], nowNanoseconds: 0) == 2)
        _ = cache.serve([5], nowNanoseconds: 0)
        #expect(cache.serve([1, 2], nowNanoseconds: 0) == 2)
        #expect(cache.serve([3, 4], nowNanoseconds: 0) == 1, "4 had to go for 5")
    }

    @Test func ofAPromptLargerThanTheCacheTheBeginningIsKept() {
        var cache = ReplicaCache(capacity: 2, ttlNanoseconds: nil)
        for _ in 0..<2 { _ = cache.serve([1, 2, 3, 4], nowNanoseconds: 0) }
        #expect(cache.serve([1, 2, 3, 4], nowNanoseconds: 0) == 2)
        var none = ReplicaCache(capacity: 0, ttlNanoseconds: nil)
        for _ in 0..<2 { #expect(none.serve([1], nowNanoseconds: 0) == 0) }
    }

    @Test func whatIsUnusedForItsLifetimeIsGone() {
        var cache = ReplicaCache(capacity: nil, ttlNanoseconds: 10)
        _ = cache.serve([1], nowNanoseconds: 0)
        #expect(cache.serve([1], nowNanoseconds: 9) == 1)
        #expect(cache.serve([1], nowNanoseconds: 18) == 1, "use renews it")
        #expect(cache.serve([1], nowNanoseconds: 28) == 0)
        #expect(cache.serve([1], nowNanoseconds: 29) == 1)
    }
}
