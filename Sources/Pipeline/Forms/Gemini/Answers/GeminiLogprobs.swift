import NIOCore
import Wire

/// Log probabilities: `logprobsResult` here, a list of tokens with their alternatives in OpenAI Chat's form, which is the
/// neutral one (package google-genai 3.4.0, types.LogprobsResult, read 2026-11).
enum GeminiLogprobs {
    /// The list; nil: the result has none.
    static func read(_ result: JSONView) -> JSONFragment? {
        let chosen = result["chosenCandidates"]?.elements ?? []
        guard !chosen.isEmpty else { return nil }
        let top = result["topCandidates"]?.elements ?? []
        return JSONFragment(kind: .array) { writer in
            writer.array { list in
                for (position, token) in chosen.enumerated() {
                    list.object { object in
                        writeToken(token, to: &object)
                        object.array("top_logprobs") { alternatives in
                            guard position < top.count else { return }
                            top[position].each("candidates") { other in
                                alternatives.object { writeToken(other, to: &$0) }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func writeToken(_ token: JSONView, to object: inout JSONWriter) {
        object.member("token", token["token"]?.text ?? .empty)
        let probability = token["logProbability"].flatMap { $0.kind == .number ? $0.fragment : nil }
        object.member("logprob", probability ?? .integer(0))
        object.member("bytes", raw: "null")
    }

    /// Writes `logprobsResult`; nothing where `content` is no such list.
    ///
    /// - Parameter content: a list as OpenAI Chat's `logprobs.content`.
    static func write(_ content: JSONView, to candidate: inout JSONWriter) {
        guard content.kind == .array else { return }
        candidate.object("logprobsResult") { result in
            result.array("chosenCandidates") { list in
                for token in content.elements { list.object { writeCandidate(token, to: &$0) } }
            }
            result.array("topCandidates") { list in
                for token in content.elements {
                    list.object { top in
                        top.array("candidates") { alternatives in
                            token.each("top_logprobs") { other in
                                alternatives.object { writeCandidate(other, to: &$0) }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func writeCandidate(_ token: JSONView, to object: inout JSONWriter) {
        object.member("token", token["token"]?.text ?? .empty)
        if let probability = token["logprob"], probability.kind == .number {
            object.member("logProbability", probability.fragment)
        }
    }
}
