import Gateway
import Metering
import Testing

/// Thousands of exchanges with trouble at every step; after each, the books must balance.
@Suite struct ExchangeSimulationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var troubles: SimulatedExchange.Troubles
        var count: Int
    }

    static let cases: [Case] = {
        var calm = SimulatedExchange.Troubles()
        calm.dialFails = 0
        calm.upstreamFails = 0
        calm.answersError = 0
        calm.lies = 0
        calm.clientLeaves = 0
        calm.clientStalls = 0
        calm.timeJumps = 0
        calm.journalFails = 0
        calm.storeFails = 0
        calm.shutsDown = 0
        var leaving = calm
        leaving.clientLeaves = 20
        var storm = SimulatedExchange.Troubles()
        storm.dialFails = 40
        storm.upstreamFails = 25
        storm.answersError = 40
        storm.lies = 30
        storm.timeJumps = 25
        return [
            Case(testDescription: "a calm world", troubles: calm, count: 1_000),
            Case(testDescription: "clients that leave", troubles: leaving, count: 3_000),
            Case(testDescription: "some of everything", troubles: SimulatedExchange.Troubles(), count: 5_000),
            Case(testDescription: "a storm", troubles: storm, count: 5_000),
        ]
    }()

    @Test(arguments: cases)
    func everyExchangeEndsOnceAndLeavesNothingOpen(_ testCase: Case) {
        let base = UInt64.random(in: 0 ... .max)
        for offset in 0..<UInt64(testCase.count) {
            let seed = base &+ offset
            var simulated = SimulatedExchange(
                world: World(balance: NanoUSD(units: 1_000_000_000)), seed: seed, troubles: testCase.troubles)
            simulated.run()
            guard simulated.violations.isEmpty else {
                Issue.record("seed \(seed): \(simulated.violations.joined(separator: "; "))")
                return
            }
        }
    }

    @Test func aCalmWorldSucceedsEveryTimeItKnowsTheModel() {
        var successes = 0
        for seed in UInt64(1)...400 {
            var simulated = SimulatedExchange(
                world: World(balance: nil), seed: seed, troubles: Self.cases[0].troubles)
            simulated.run()
            if simulated.wasAdmitted, simulated.outcome?.status != .success {
                Issue.record("seed \(seed) failed in a calm world")
            }
            successes += simulated.outcome?.status == .success ? 1 : 0
        }
        #expect(successes > 200)
    }

    @Test func theSameSeedIsTheSameRun() {
        func run() -> (Int, Int, Int) {
            var simulated = SimulatedExchange(
                world: World(balance: nil), seed: 42, troubles: SimulatedExchange.Troubles())
            simulated.run()
            return (simulated.steps, simulated.dials, simulated.records.count)
        }
        #expect(run() == run())
    }
}
