/// What a limit says to one more request.
package enum LimitVerdict: Sendable, Equatable {
    /// `remaining`: how many more would be admitted at this moment. `resetNanoseconds`: until all of the limit is there
    /// again, if nothing more comes.
    case admitted(remaining: Int, resetNanoseconds: Int64)
    /// `retryAfterNanoseconds`: the soonest time, from now, at which the same request can be admitted, if nothing else
    /// comes; the window's length where it never can, being larger than the limit itself. Above 0.
    case refused(retryAfterNanoseconds: Int64)

    package var isAdmitted: Bool {
        switch self {
        case .admitted: true
        case .refused: false
        }
    }
}
