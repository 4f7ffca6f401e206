internal import Metering
package import NIOCore
internal import Pipeline
internal import Wire

extension Exchange {
    /// A JSON line of what `tokenrouter replay` needs to know of a request: when it came, its lengths, its model and
    /// the vendor's name of it, and a hash and the tokens of each of its prompt's steps. No text, and nobody's name.
    ///
    /// The lengths are the vendor's, the steps' tokens an estimate: they add up to `input_length` at most.
    /// - Returns: without a line feed; nil: it had no prompt, or no vendor answered it.
    package func requestLogLine(_ outcome: ExchangeOutcome) -> ByteBuffer? {
        guard outcome.status == .success, !outcome.isFollower, let steps = prepared?.steps, !steps.chain.isEmpty else {
            return nil
        }
        var line = ByteBuffer()
        JSONWriter.write(into: &line) { writer in
            writer.object { entry in
                entry.member("timestamp", createdAtMicroseconds / 1_000)
                entry.member("model", snapshot.models[route.primary].name)
                if let upstream = attempts.last?.upstreamModel { entry.member("upstream_model", upstream) }
                entry.member("input_length", outcome.usage.promptTokens)
                entry.member("output_length", outcome.usage.completionTokens)
                entry.array("hash_ids") { for hash in steps.chain { $0.integer(hash) } }
                entry.array("block_tokens") { list in
                    var before: Int64 = 0
                    for tokens in steps.tokens {
                        list.integer(tokens &- before)
                        before = tokens
                    }
                }
            }
        }
        return line
    }
}
