import Routing

/// Requests as they came, by time, without a word of their text: enough to play them against a policy of routing.
package struct ReplayTrace: Sendable, Equatable {
    /// By time; of one time in the order they were read.
    package let requests: [ReplayRequest]
    /// The number of the last line, where it was cut off and left out; nil: every line is in it.
    package let cutLine: Int?

    package init(_ requests: [ReplayRequest], cutLine: Int? = nil) {
        self.cutLine = cutLine
        let order = requests.indices.sorted {
            (requests[$0].arrivalNanoseconds, $0) < (requests[$1].arrivalNanoseconds, $1)
        }
        self.requests = order.map { requests[$0] }
    }

    package var blocks: Int { requests.reduce(0) { $0 + $1.chain.count } }
    package var promptTokens: Int64 { requests.reduce(0) { $0 &+ $1.promptTokens } }
}

/// One request of a trace.
package struct ReplayRequest: Sendable, Equatable {
    /// ≥ 0; of the trace's own clock.
    package let arrivalNanoseconds: Int64
    /// `chain[i]` stands for blocks 0 to i of the prompt, and for the model, whose caches are its own.
    package let chain: [UInt64]
    /// `tokens[i]`: of blocks 0 to i together; at most `promptTokens`.
    package let tokens: [Int64]
    package let promptTokens: Int64
    package let outputTokens: Int64
    /// The model as price lists name it; empty: not told.
    package let pricedModel: String

    /// - Parameters:
    ///   - blocks: equal numbers at the beginnings of two prompts of one model are equal text.
    ///   - blockTokens: one per block, ≥ 0; where it has fewer the rest count 0.
    ///   - promptTokens: of all blocks and of what stands behind them; below 0 counts as 0, as do `outputTokens`.
    ///   - model: whose caches are its own; empty: not told.
    ///   - upstreamModel: what the vendor calls it, and price lists; nil: as `model`.
    package init(
        arrivalNanoseconds: Int64, blocks: [UInt64], blockTokens: [Int64], promptTokens: Int64, outputTokens: Int64 = 0,
        model: String = "", upstreamModel: String? = nil
    ) {
        let promptTokens = max(0, promptTokens)
        var hash = StableHash.of(model)
        chain = blocks.map { block in
            hash = StableHash.mix(hash ^ StableHash.mix(block))
            return hash
        }
        var sum: Int64 = 0
        tokens = blocks.indices.map { index in
            let (next, overflow) = sum.addingReportingOverflow(
                index < blockTokens.count ? max(0, blockTokens[index]) : 0)
            sum = min(promptTokens, overflow ? .max : next)
            return sum
        }
        self.arrivalNanoseconds = max(0, arrivalNanoseconds)
        self.promptTokens = promptTokens
        self.outputTokens = max(0, outputTokens)
        pricedModel = upstreamModel ?? model
    }
}
