import FoundationEssentials
import Identity
import NIOCore
import Pipeline
import Routing
import Synchronization
import Testing
import Wire

@testable import Gateway

/// The registry alone: who joins whom when many threads come and go.
@Suite struct TwinRegistryTests {
    private static let world = World(balance: nil)

    private static func request(_ number: Int = 0) throws -> TwinRequest {
        let body = TwinTable.body(content: "Question \(number)")
        var index = JSONIndex()
        let prepared = try PromptPipeline(options: PipelineOptions()).prepare(
            body: body, kind: .conversation(.openAIChat), index: &index)
        return TwinRequest(
            tenant: world.principal.caller.userID, snapshot: world.snapshot, head: world.head(), prepared: prepared,
            body: body)
    }

    @Test func twinsHaveOneNameAndOthersAnother() throws {
        let (first, same, other) = (try Self.request(1), try Self.request(1), try Self.request(2))
        #expect(first.name == same.name && first.key == same.key)
        #expect(first.name != other.name)
        #expect(first.name.name.count == 64)
        #expect(first.name.name.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }

    @Test func aFollowerIsToldOnce() throws {
        let registry = TwinRegistry()
        guard case .leads(let leader) = registry.join(try Self.request()),
            case .follows(let follower) = registry.join(try Self.request())
        else { return #expect(Bool(false), "the second does not follow the first") }
        #expect(registry.close(leader) { _, _ in .alone } == 1)
        #expect(registry.close(leader) { _, _ in .alone } == 0)
        #expect(follower.take() != nil)
        #expect(follower.take() == nil)
        #expect(registry.count == 0)
    }

    @Test func newsFromBeforeItIsListenedForIsHeard() throws {
        let registry = TwinRegistry()
        guard case .leads(let leader) = registry.join(try Self.request()),
            case .follows(let follower) = registry.join(try Self.request())
        else { return #expect(Bool(false), "the second does not follow the first") }
        registry.close(leader) { _, _ in .alone }
        let seen = Seen()
        follower.onNews { seen.heard.add(1, ordering: .relaxed) }
        #expect(seen.heard.load(ordering: .relaxed) == 1)
    }

    /// ```
    /// leader    join ─ close ────────────────▶ n told
    /// follower       join ─ (leave) ─ hears ─▶ left, or told exactly once
    /// ```
    @Test func underManyThreadsEveryFollowerIsToldOrHasLeft() async throws {
        let registry = TwinRegistry()
        let requests = try (0..<3).map { try Self.request($0) }
        let seed = UInt64.random(in: 0 ... .max)
        let seen = Seen()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<6 {
                group.addTask {
                    var generator = SeededGenerator(seed: seed &+ UInt64(task))
                    for _ in 0..<3_000 {
                        let request = requests[Int.random(in: 0..<3, using: &generator)]
                        switch registry.join(request) {
                        case .alone: break
                        case .leads(let seat):
                            if generator.chance(50) { await Task.yield() }
                            seen.told.add(registry.close(seat) { _, _ in .alone }, ordering: .relaxed)
                        case .follows(let seat):
                            if generator.chance(30) {
                                if registry.leave(seat) != nil { seen.heard.add(1, ordering: .relaxed) }
                                if seat.take() != nil { seen.lost.add(1, ordering: .relaxed) }
                                continue
                            }
                            await withCheckedContinuation { continuation in
                                let isOnce = Once(continuation)
                                seat.onNews { isOnce.resume() }
                            }
                            if seat.take() == nil {
                                seen.lost.add(1, ordering: .relaxed)
                            } else {
                                seen.heard.add(1, ordering: .relaxed)
                            }
                        }
                    }
                }
            }
        }
        #expect(seen.told.load(ordering: .relaxed) == seen.heard.load(ordering: .relaxed), "seed \(seed)")
        #expect(seen.lost.load(ordering: .relaxed) == 0, "seed \(seed)")
        #expect(registry.count == 0)
    }

    private final class Seen: Sendable {
        let told = Atomic<Int>(0)
        let heard = Atomic<Int>(0)
        /// Heard twice, or woken for nothing.
        let lost = Atomic<Int>(0)
    }

    /// A continuation that may be resumed twice: news may come while it is being listened for.
    private final class Once: Sendable {
        private let continuation: Mutex<CheckedContinuation<Void, Never>?>

        init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = Mutex(continuation) }

        func resume() {
            let waiting = continuation.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            waiting?.resume()
        }
    }
}
