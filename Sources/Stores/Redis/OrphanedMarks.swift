import Routing
import Synchronization

/// Marks that may be in Redis with nobody to end them: their claim's answer did not come, or their end was not heard. Left
/// alone they would hold twins up until they lapse; so they are released once the server answers again.
final class OrphanedMarks: Sendable {
    private struct Content {
        var marks: [InFlightMark] = []
        var isSweeping = false
    }

    private let content = Mutex(Content())
    private let release: @Sendable (InFlightMark) async -> Bool
    private let pause: Duration

    /// More are left to lapse.
    private static let maximum = 1_024
    /// Rounds until the marks have lapsed by themselves, at the default pause.
    private static let rounds = 240

    /// - Parameters:
    ///   - pause: between two tries.
    ///   - release: false: the server did not answer.
    init(pause: Duration = .milliseconds(500), release: @escaping @Sendable (InFlightMark) async -> Bool) {
        self.pause = pause
        self.release = release
    }

    func add(_ mark: InFlightMark) {
        let isFirst = content.withLock { content in
            if content.marks.count < Self.maximum { content.marks.append(mark) }
            defer { content.isSweeping = true }
            return !content.isSweeping
        }
        if isFirst { Task { await sweep() } }
    }

    private func sweep() async {
        for _ in 0..<Self.rounds {
            guard (try? await Task.sleep(for: pause)) != nil else { break }
            while let mark = content.withLock({ $0.marks.last }), await release(mark) {
                content.withLock { $0.marks.removeAll { $0 == mark } }
            }
            if hasEnded() { return }
        }
        content.withLock { $0 = Content() }
    }

    /// Whether nothing is left; then the next mark begins anew.
    private func hasEnded() -> Bool {
        content.withLock { content in
            content.isSweeping = !content.marks.isEmpty
            return content.marks.isEmpty
        }
    }
}
