import Testing

@testable import Simulator

struct FaultRulesTests {
    @Test func readsEveryKind() throws {
        let text = "500:0.1, 429:0.05,reset:0.01,stall:0.01,stall=2:0.02,cut:0.02,cut=7:0.01,garbage:0.01,slow:0.1"
        let rules = try FaultRules(parsing: text + ",stream-error:0.1")
        #expect(
            rules.rules == [
                .init(.status(500), 0.1), .init(.status(429), 0.05), .init(.reset, 0.01),
                .init(.stall(after: nil), 0.01), .init(.stall(after: 2), 0.02), .init(.cut(after: 2), 0.02),
                .init(.cut(after: 7), 0.01), .init(.garbage, 0.01), .init(.slow, 0.1),
                .init(.streamError(after: 2), 0.1),
            ])
        #expect(try FaultRules(parsing: "") == .none)
    }

    @Test(arguments: [
        "500", "500:", "500:x", "500:-0.1", "500:1.1", "500:nan", "200:0.1", "600:0.1", "reset=1:0.1", "stall=-1:0.1",
        "stall=:0.1", "boom:0.1", "500:0.6,reset:0.6", "500:0.1:0.1", "500=2:0.1",
    ])
    func refusesWhatItDoesNotUnderstand(text: String) {
        #expect(throws: FaultRules.Problem.self) { try FaultRules(parsing: text) }
    }

    @Test func aDrawPicksTheRuleByItsShare() throws {
        let rules = try FaultRules(parsing: "500:0.25,reset:0.25")
        let draws = [0, 0.249, 0.25, 0.499, 0.5, 0.999]
        #expect(
            draws.map(rules.fault(for:)) == [.status(500), .status(500), .reset, .reset, nil, nil])
    }

    @Test func sharesHoldOverManyDraws() throws {
        let rules = try FaultRules(parsing: "500:0.1,429:0.05")
        var generator = SeededGenerator(seed: 42)
        let faults = (0..<20_000).map { _ in rules.fault(for: generator.fraction()) }
        #expect((1800...2200).contains(faults.count { $0 == .status(500) }), "seed 42")
        #expect((850...1150).contains(faults.count { $0 == .status(429) }), "seed 42")
    }

    @Test(arguments: [
        ("200ms", Duration.milliseconds(200)), ("1.5s", .milliseconds(1500)), ("2m", .seconds(120)),
        ("50", .milliseconds(50)), ("250us", .microseconds(250)), ("0", .zero),
    ])
    func readsDurations(text: String, duration: Duration) {
        #expect(Pace.duration(text) == duration)
        #expect(Pace.latency(text) == duration...duration)
    }

    @Test(arguments: ["", "s", "1h", "-1s", "1e9s", "inf", "100000s", "5ms..1ms", "1ms..", "..1ms"])
    func refusesOtherLatencies(text: String) {
        #expect(Pace.latency(text) == nil)
    }

    @Test func readsARangeOfLatencies() {
        #expect(Pace.latency("50ms..0.4s") == .milliseconds(50) ... .milliseconds(400))
    }
}

struct RequestDirectivesTests {
    @Test func wordsBehindTheModelsNameAreRead() throws {
        let (model, directives) = try RequestDirectives.parse(
            model: "simulator-model!error=500!latency=200ms!interval=5ms!tokens=200!reasoning=20!no-usage", header: nil)
        var expected = RequestDirectives()
        expected.fault = .always(.status(500))
        expected.latency = .milliseconds(200)
        expected.interval = .milliseconds(5)
        expected.tokens = 200
        expected.reasoningTokens = 20
        expected.hidesUsage = true
        #expect(model == "simulator-model")
        #expect(directives == expected)
    }

    @Test(arguments: [
        ("m!stall", Fault.stall(after: nil)), ("m!stall=0", .stall(after: 0)), ("m!cut=3", .cut(after: 3)),
        ("m!reset", .reset), ("m!error=429", .status(429)), ("m!error=500!stream-error", .streamError(after: 2)),
        ("m!ok!garbage", .garbage),
    ])
    func faultsAreReadAndTheLastWins(model: String, fault: Fault) throws {
        #expect(try RequestDirectives.parse(model: model, header: nil).directives.fault == .always(fault))
    }

    @Test func theHeaderComesAfterTheName() throws {
        let directives = try RequestDirectives.parse(model: "m!reset", header: "ok, tokens=3").directives
        #expect(directives.fault == .never)
        #expect(directives.tokens == 3)
    }

    @Test(arguments: [
        "m!boom", "m!", "m!error", "m!error=200", "m!tokens=-1", "m!tokens=100001", "m!latency=x", "m!cut=x",
    ])
    func unknownWordsAreRefused(model: String) {
        #expect(throws: UnknownDirective.self) { try RequestDirectives.parse(model: model, header: nil) }
    }
}
