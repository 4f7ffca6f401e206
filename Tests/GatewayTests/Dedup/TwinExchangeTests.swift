import FoundationEssentials
import Gateway
import Identity
import Metering
import NIOCore
import Pipeline
import Routing
import Settings
import Testing

/// What becomes of requests that ask the same at one time.
@Suite struct TwinExchangeTests {
    @Test func oneCallServesAllWhoAskTheSame() {
        let table = TwinTable()
        let all = table.ask(times: 5)
        #expect(table.dials == [1, 0, 0, 0, 0])
        table.answer(all[0])
        table.hear()
        #expect(table.isOver)
        #expect(table.dials == [1, 0, 0, 0, 0])
        #expect(table.roles == [.leader, .follower, .follower, .follower, .follower])
        #expect(Set(table.guests.compactMap { $0.answers.first?.head.requestID }).count == 5)
        #expect(Set(table.guests.compactMap { $0.answers.first.map { String(buffer: $0.body) } }).count == 1)
        #expect(table.guests.allSatisfy { $0.answers.first?.head.status == 200 })
        #expect(table.guests.map(\.counts) == [[], [.hit], [.hit], [.hit], [.hit]])
        #expect(table.world.wallet.reserved == .zero)
    }

    @Test func followersHaveTheirOwnRowsAndNoAttempts() throws {
        let table = TwinTable()
        _ = table.ask(times: 2)
        table.answer(0)
        table.hear()
        let leader = try #require(table.guests[0].records.first)
        let follower = try #require(table.guests[1].records.first)
        #expect(leader.id != follower.id)
        #expect(leader.attempts.count == 1 && follower.attempts.isEmpty)
        #expect(leader.vendorCost.units == TwinTable.wholePrice && follower.vendorCost == .zero)
        #expect(follower.usage == leader.usage && follower.usage.promptTokens == 812)
        #expect(follower.provider == "first" || follower.provider == "second")
        #expect(follower.provider == leader.provider && follower.upstreamModel == "gpt-4o-mini")
        #expect(follower.status == .success && follower.httpStatus == 200 && follower.cacheMiss == nil)
        #expect(table.guests[1].outcome?.isFollower == true && table.guests[1].outcome?.label != nil)
        #expect(table.guests[0].outcome?.isFollower == false)
    }

    @Test func aRequestWithoutATwinIsToldOfNone() {
        let table = TwinTable()
        table.ask()
        table.answer(0)
        #expect(table.roles == [nil])
        #expect(table.isOver)
    }

    @Test func whoComesAfterTheAnswerAsksAnew() {
        let table = TwinTable()
        table.ask()
        table.answer(0)
        table.ask()
        #expect(table.dials == [1, 1])
    }

    // MARK: Who is a twin

    struct Pair: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var second: ByteBuffer
        var first = TwinTable.body()
        var dedup = PipelineSettings.Dedup.all
        var isJoined = false
    }

    static let warm = #","temperature":0.7"#
    static let pairs: [Pair] = [
        Pair(testDescription: "the same", second: TwinTable.body(), isJoined: true),
        Pair(testDescription: "another temperature", second: TwinTable.body(extra: #","temperature":1"#)),
        Pair(testDescription: "another message", second: TwinTable.body(content: "Hello here")),
        Pair(testDescription: "another model", second: TwinTable.body(model: "single")),
        Pair(testDescription: "another spelling of a number", second: TwinTable.body(extra: #","temperature":0.0"#)),
        Pair(testDescription: "another member", second: TwinTable.body(extra: #","temperature":0,"user":"x""#)),
        Pair(
            testDescription: "a temperature, all are joined", second: TwinTable.body(extra: warm),
            first: TwinTable.body(extra: warm), isJoined: true),
        Pair(
            testDescription: "a temperature, the deterministic are joined", second: TwinTable.body(extra: warm),
            first: TwinTable.body(extra: warm), dedup: .deterministic),
        Pair(
            testDescription: "a seed, the deterministic are joined", second: TwinTable.body(extra: warm + #","seed":7"#),
            first: TwinTable.body(extra: warm + #","seed":7"#), dedup: .deterministic, isJoined: true),
        Pair(testDescription: "the same, none are joined", second: TwinTable.body(), dedup: .off),
        Pair(
            testDescription: "streams", second: TwinTable.body(extra: #","temperature":0,"stream":true"#),
            first: TwinTable.body(extra: #","temperature":0,"stream":true"#)),
        Pair(
            testDescription: "tools in another order, which the stages even out",
            second: TwinTable.body(extra: tools("b", "a")), first: TwinTable.body(extra: tools("a", "b")), isJoined: true),
    ]

    private static func tools(_ names: String...) -> String {
        let tools = names.map { #"{"type":"function","function":{"name":"\#($0)","parameters":{"type":"object","properties":{}}}}"# }
        return #","tools":[\#(tools.joined(separator: ","))]"#
    }

    @Test(arguments: pairs)
    func whatLeavesAsTheSameBytesIsJoined(_ pair: Pair) {
        let table = TwinTable(dedup: pair.dedup)
        table.ask(pair.first)
        table.ask(pair.second)
        #expect(table.dials == [1, pair.isJoined ? 0 : 1])
    }

    @Test func anotherUserAsksAlone() {
        let table = TwinTable()
        table.ask()
        let stranger = Principal(
            caller: Caller(userID: UUID(), keyID: UUID(), plan: "enterprise"), wallet: Wallet(balance: nil),
            keyLimiter: nil, userLimiter: nil, priceMultiplierMillionths: 1_000_000)
        table.ask(of: stranger)
        #expect(table.dials == [1, 1])
    }

    @Test func anotherKeyOfTheSameUserJoins() {
        let table = TwinTable()
        table.ask()
        var principal = table.world.principal
        principal.caller = Caller(userID: principal.caller.userID, keyID: UUID(), plan: "enterprise")
        table.ask(of: principal)
        #expect(table.dials == [1, 0])
        table.answer(0)
        table.hear()
        #expect(table.guests[1].records.first?.apiKeyID == principal.caller.keyID)
    }

    static let heads: [(String, RequestDetail, Bool)] = [
        ("the same", RequestDetail(form: .openAIChat, headers: ClientHeaders(openAIBeta: "a=v1")), true),
        ("another beta", RequestDetail(form: .openAIChat, headers: ClientHeaders(openAIBeta: "a=v2")), false),
        ("none", RequestDetail(form: .openAIChat), false),
    ]

    @Test(arguments: heads)
    func headersForTheVendorTellRequestsApart(_ name: String, _ detail: RequestDetail, _ isJoined: Bool) {
        let table = TwinTable()
        var head = table.world.head()
        head.detail = Self.heads[0].1
        table.ask(head: head)
        head.detail = detail
        table.ask(head: head)
        #expect(table.dials == [1, isJoined ? 0 : 1], "\(name)")
    }

    @Test func aNewConfigurationsRequestsDoNotJoinTheOldOnes() {
        let table = TwinTable()
        table.ask()
        table.ask(snapshot: TwinTable().world.snapshot)
        #expect(table.dials == [1, 1])
    }

    // MARK: Money

    @Test(arguments: [1, 2, 3, 7, 50])
    func aSharedPriceIsPaidOnceAndExactly(_ count: Int) {
        let table = TwinTable(price: .shared)
        _ = table.ask(times: count)
        table.answer(0)
        table.hear()
        let whole = TwinTable.wholePrice
        #expect(table.costs.reduce(0, +) == whole)
        #expect(table.costs.dropFirst().allSatisfy { $0 == whole / Int64(count) })
        #expect(table.costs[0] == whole - Int64(count - 1) * (whole / Int64(count)))
    }

    @Test func aFullPriceIsPaidByEverybody() {
        let table = TwinTable()
        _ = table.ask(times: 3)
        table.answer(0)
        table.hear()
        #expect(table.costs == [TwinTable.wholePrice, TwinTable.wholePrice, TwinTable.wholePrice])
    }

    @Test func aFollowerNeedsABalance() {
        let table = TwinTable(balance: NanoUSD(units: 1))
        _ = table.ask(times: 2)
        #expect(table.guests[1].answers.first?.head.status == 429)
        #expect(table.guests[1].records.isEmpty)
        table.answer(0)
        #expect(table.isOver && table.world.wallet.reserved == .zero)
    }

    // MARK: Failures

    @Test func aFailedLeaderIsFollowedByAnotherOnce() {
        let table = TwinTable()
        _ = table.ask(times: 4)
        table.failAll(0)
        table.hear()
        #expect(table.dials == [3, 1, 0, 0])
        table.answer(1)
        table.hear()
        #expect(table.isOver)
        #expect(table.roles == [nil, .leader, .follower, .follower])
        #expect(table.statuses == [.error, .success, .success, .success])
    }

    @Test func whenTheSecondLeaderFailsTheRestGoAlone() {
        let table = TwinTable()
        _ = table.ask(times: 4)
        table.failAll(0)
        table.hear()
        table.failAll(1)
        table.hear()
        #expect(table.dials == [3, 3, 1, 1])
        table.answer(2)
        table.answer(3)
        #expect(table.isOver)
        #expect(table.roles == [nil, nil, nil, nil])
    }

    @Test func aVendorsRefusalOfTheRequestIsShared() {
        let table = TwinTable(price: .shared)
        _ = table.ask(times: 3)
        table.answer(0, status: 400, ByteBuffer(string: #"{"error":{"message":"No such field.","code":"bad"}}"#))
        table.hear()
        #expect(table.isOver)
        #expect(table.dials == [1, 0, 0])
        #expect(table.guests.map { $0.answers.first?.head.status } == [400, 400, 400])
        #expect(table.roles == [.leader, .follower, .follower])
        #expect(table.costs == [0, 0, 0])
        #expect(table.guests[2].records.first?.errorCode == "bad")
        #expect(Set(table.guests.compactMap { $0.answers.first?.head.requestID }).count == 3)
    }

    static let freeing: [(String, Int, String)] = [
        ("a rate limit", 429, "{}"), ("a server's error", 500, "{}"), ("our key refused", 401, "{}"),
        ("no valid answer", 200, #"{"half":"#),
    ]

    @Test(arguments: freeing)
    func whatMayPassFreesTheFollowers(_ name: String, _ status: Int, _ body: String) {
        let table = TwinTable()
        _ = table.ask(times: 2)
        while table.guests[0].outcome == nil { table.answer(0, status: status, ByteBuffer(string: body)) }
        table.hear()
        #expect(table.dials[1] == 1, "\(name)")
        table.answer(1)
        #expect(table.isOver)
    }

    @Test func aDegradedAnswerIsNobodyElses() {
        let table = TwinTable(degraded: #"{"choices":[]}"#)
        _ = table.ask(times: 2)
        table.answer(0, status: 400, ByteBuffer(string: "{}"))
        table.hear()
        #expect(table.dials[1] == 1)
    }

    // MARK: Leaving

    @Test func aFollowerThatLeavesDisturbsNobody() {
        let table = TwinTable(price: .shared)
        _ = table.ask(times: 3)
        table.deliver(.clientGone, to: 1)
        #expect(table.statuses[1] == .cancelled)
        table.answer(0)
        table.hear()
        #expect(table.isOver)
        #expect(table.costs == [TwinTable.wholePrice - TwinTable.wholePrice / 2, 0, TwinTable.wholePrice / 2])
        #expect(table.guests[1].answers.isEmpty)
    }

    @Test func aLeaderThatLeavesCallsOnForItsFollowers() {
        let table = TwinTable(price: .shared)
        _ = table.ask(times: 4)
        table.connect(0)
        table.deliver(.clientGone, to: 0)
        #expect(table.guests[0].outcome == nil)
        table.answer(0)
        table.hear()
        #expect(table.isOver)
        #expect(table.dials == [1, 0, 0, 0])
        #expect(table.statuses == [.cancelled, .success, .success, .success])
        let whole = TwinTable.wholePrice
        #expect(table.costs == [0, whole - 2 * (whole / 3), whole / 3, whole / 3])
        #expect(table.guests[0].records.first?.vendorCost.units == whole)
        #expect(table.guests[0].records.first?.httpStatus == 499)
    }

    @Test func aLeaderThatLeftIsCancelledOnceNobodyWaits() {
        let table = TwinTable()
        _ = table.ask(times: 3)
        table.connect(0)
        table.deliver(.clientGone, to: 0)
        table.deliver(.clientGone, to: 2)
        #expect(table.guests[0].outcome == nil)
        table.deliver(.clientGone, to: 1)
        table.hear()
        #expect(table.isOver)
        #expect(table.statuses == [.cancelled, .cancelled, .cancelled])
        #expect(table.costs == [0, 0, 0])
        #expect(table.world.wallet.reserved == .zero)
    }

    @Test func aLeaderWithoutFollowersIsCancelledAtOnce() {
        let table = TwinTable()
        table.ask()
        table.connect(0)
        table.deliver(.clientGone, to: 0)
        #expect(table.isOver && table.statuses == [.cancelled])
    }

    @Test func aFollowerThatLeavesWithItsShareToldPaysIt() {
        let table = TwinTable(price: .shared)
        _ = table.ask(times: 2)
        table.answer(0)
        table.deliver(.clientGone, to: 1)
        table.hear()
        #expect(table.isOver)
        #expect(table.statuses == [.success, .cancelled])
        #expect(table.costs.reduce(0, +) == TwinTable.wholePrice)
    }

    @Test func aFollowerThatLeavesAsItIsToLeadPassesTheLeadOn() {
        let table = TwinTable()
        _ = table.ask(times: 3)
        table.failAll(0)
        table.deliver(.clientGone, to: 1)
        table.hear()
        #expect(table.dials == [3, 0, 1])
        table.answer(2)
        #expect(table.isOver)
    }

    // MARK: Time

    @Test func aFollowerWaitsNoLongerThanItsTime() {
        let table = TwinTable(wait: .seconds(2))
        _ = table.ask(times: 3)
        table.now += 1_999_999_999
        table.deliver(.tick, to: 1)
        #expect(table.dials == [1, 0, 0])
        table.now += 1
        table.deliver(.tick, to: 1)
        #expect(table.dials == [1, 1, 0])
        #expect(table.guests[1].counts == [.waitTimeout])
        table.answer(1)
        table.answer(0)
        table.hear()
        #expect(table.isOver)
        #expect(table.roles == [.leader, nil, .follower])
    }

    @Test func theDeadlineIsTheWaitsEnd() {
        let table = TwinTable(wait: .seconds(2))
        _ = table.ask(times: 2)
        #expect(table.guests[1].exchange.deadline == 2_000_000_001)
    }

    @Test func theWholeExchangesTimeBoundsTheWait() {
        let table = TwinTable(wait: .seconds(100_000))
        _ = table.ask(times: 2)
        table.now = table.guests[1].exchange.deadline
        table.deliver(.tick, to: 1)
        #expect(table.guests[1].answers.first?.head.status == 504)
        #expect(table.guests[1].counts.isEmpty)
    }

    @Test func anAnswerThatIsThereBeatsTheClock() {
        let table = TwinTable(wait: .seconds(2))
        _ = table.ask(times: 2)
        table.answer(0)
        table.now += 5_000_000_000
        table.deliver(.tick, to: 1)
        table.hear()
        #expect(table.isOver && table.dials == [1, 0])
        #expect(table.roles[1] == .follower)
    }

    @Test func theWaitIsNoTimeOfTheGateways() {
        let table = TwinTable()
        _ = table.ask(times: 2)
        table.now += 1_000_000_000
        table.answer(0)
        table.hear()
        #expect(table.guests[1].outcome?.upstreamNanoseconds == 1_000_000_000)
    }

    @Test func shuttingDownEndsThoseWhoWait() {
        let table = TwinTable()
        _ = table.ask(times: 3)
        for place in 0..<3 { table.deliver(.shutdown, to: place) }
        table.hear()
        #expect(table.isOver)
        #expect(table.guests.map { $0.answers.first?.head.status } == [503, 503, 503])
        #expect(table.world.wallet.reserved == .zero)
    }

    @Test func aFlightHoldsSoManyFollowersAndNoMore() {
        let table = TwinTable()
        _ = table.ask(times: TwinRegistry.maximumFollowers + 2)
        #expect(table.dials.reduce(0, +) == 2)
        #expect(table.dials.last == 1)
    }
}
