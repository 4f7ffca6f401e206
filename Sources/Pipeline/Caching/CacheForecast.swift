/// How often what is cached will be read again, and how likely in time.
///
/// Where the gateway has not observed it, these priors stand in:
/// - A session goes on for as many requests as it has had (the longer it lasted, the longer it will last), 20 at most.
/// - A first request with tools is followed by one more, which brings back what they gave.
/// - A first request without tools is followed by another in one case of four. With a write premium of a quarter and nine
///   tenths saved on reading, two of seven would have to be: a one-shot prompt is not marked.
/// - Tools and instructions that other sessions sent already will be sent by three more; those that none sent yet by another
///   in one case of two: what is long enough to be cached is a program's.
/// - The next request comes after a minute, or after 15 seconds if a tool's result was the last thing said.
/// - Where the instructions hold a time of day, and were not sent to this cache before, one request in ten finds them again.
/// - Of twenty prompts that share a piece, one parts from the others at the next: one in twenty has other instructions
///   with the same tools, other history with the same instructions, and so on.
struct CacheForecast {
    private static let mostReuses: Int64 = 64_000
    private static let longestSession: Int64 = 20
    private static let oneShotReuses: Int64 = 250
    private static let firstOfLoopReuses: Int64 = 1_000
    private static let sharedReuses: Int64 = 3_000
    private static let newSharedReuses: Int64 = 500
    private static let doubtful: Int64 = 100

    /// Thousandths of a request that will begin with the whole prompt.
    let sessionReuses: Int64
    /// Of those that will begin with its tools and instructions, at least.
    let sharedReuses: Int64
    private let gap: Duration
    private let isGapKnown: Bool
    /// How many of a thousand prompts hold what is behind the tools unchanged.
    private let trust: Int64

    /// - Parameters:
    ///   - turns: answers in the prompt's history.
    ///   - isSharedWarm: the instructions were sent to this cache before.
    ///   - isSystemDoubtful: they look as if they changed with each request.
    init(
        _ outlook: CacheOutlook, turns: Int, hasTools: Bool, endsWithResult: Bool, isSharedWarm: Bool,
        isSystemDoubtful: Bool = false
    ) {
        trust = isSystemDoubtful && !isSharedWarm ? Self.doubtful : 1_000
        let session = outlook.expectedReusePermille ?? Self.prior(outlook, turns: turns, hasTools: hasTools)
        sessionReuses = min(max(0, session), Self.mostReuses)
        let newShared = outlook.expectedReusePermille == nil ? Self.newSharedReuses : 0
        let shared = outlook.sharedReusePermille ?? (isSharedWarm ? Self.sharedReuses : newShared)
        sharedReuses = min(max(sessionReuses, shared), Self.mostReuses)
        gap = outlook.typicalGap ?? .seconds(endsWithResult ? 15 : 60)
        isGapKnown = outlook.typicalGap != nil
    }

    /// A history that is known never to have come this way says nothing of how long it lasts.
    private static func prior(_ outlook: CacheOutlook, turns: Int, hasTools: Bool) -> Int64 {
        let seen = Int64(clamping: outlook.turnsSeen ?? turns)
        guard seen < 1 else { return 1_000 * min(seen, longestSession) }
        return hasTools ? firstOfLoopReuses : oneShotReuses
    }

    /// Thousandths of a request that will begin with the prompt up to `place`.
    func reuses(_ place: CachePlan.Place) -> Int64 {
        let (base, survivors): (Int64, Int64) =
            switch place {
            case .tools: (sharedReuses, 1_000)
            case .system: (sharedReuses, 950)
            case .documents: (sessionReuses, 925)
            case .history: (sessionReuses, 900)
            case .previousEnd: (sessionReuses, 860)
            case .bridge: (sessionReuses, 840)
            case .end: (sessionReuses, 815)
            }
        return base * survivors / 1_000
    }

    /// How many of a thousand further requests that begin with the prompt up to `place` find an entry of this life alive, and
    /// find it at all.
    func found(_ place: CachePlan.Place, _ life: Duration) -> Int64 {
        survival(life) * (place == .tools ? 1_000 : trust) / 1_000
    }

    /// How many of a thousand further requests come while an entry of this life still lives: gaps are taken to be without
    /// memory, half of them shorter than the typical one.
    func survival(_ life: Duration) -> Int64 {
        let (lifeMilliseconds, gapMilliseconds) = (Self.milliseconds(life), Self.milliseconds(gap))
        guard gapMilliseconds > 0 else { return 1_000 }
        let halvings = lifeMilliseconds * 1_024 / gapMilliseconds
        guard halvings < 20 * 1_024 else { return 1_000 }
        let rest = halvings & 1_023
        // 2^−x between 0 and 1, by a parabola through its ends and its middle: off by two thousandths at most.
        let fraction = 1_000 - rest * (666 - 166 * rest / 1_024) / 1_024
        return 1_000 - (fraction >> (halvings >> 10))
    }

    /// The gateway has seen gaps in which the shorter life often lapses: more than half of it is typical.
    func longLifeMayPay(_ rules: CacheRules) -> Bool {
        rules.longLife != nil && isGapKnown && Self.milliseconds(gap) * 2 > Self.milliseconds(rules.shortLife)
    }

    /// Up to ten years, from 0.
    private static func milliseconds(_ duration: Duration) -> Int64 {
        let seconds = min(max(0, duration.components.seconds), 315_360_000)
        return seconds * 1_000
            + (seconds > 0 || duration > .zero ? duration.components.attoseconds / 1_000_000_000_000_000 : 0)
    }
}
