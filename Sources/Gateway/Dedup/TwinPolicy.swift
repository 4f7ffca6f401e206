internal import Settings

/// Which of a model's requests share one call with their twins, and what that costs whom.
package struct TwinPolicy: Sendable, Equatable {
    package enum Scope: Sendable, Equatable {
        case none
        /// Those whose client can expect the same answer twice: temperature zero, or a seed.
        case deterministic
        case all
    }

    package var scope = Scope.none
    /// How long a request waits for its twin's answer before it goes alone.
    package var waitNanoseconds: Int64 = 0
    /// The one call's price is split among all who have its answer; false: each pays as if it had called.
    package var splitsPrice = false

    package init() {}

    init(_ settings: PipelineSettings) {
        scope =
            switch settings.dedup {
            case .off: .none
            case .deterministic: .deterministic
            case .all: .all
            }
        waitNanoseconds = settings.dedupWait.nanoseconds
        splitsPrice = settings.dedupPrice == .shared
    }
}
