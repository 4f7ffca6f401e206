package import NIOCore
package import Wire

/// What a whole answer comes to.
package struct AnswerSummary: Sendable {
    /// With the dialect's ways of counting resolved: `prompt` includes `cached` and `cacheWrite`. nil: none was given.
    package let usage: ReportedUsage?
    /// The vendor's usage object as it came; a slice of the answer.
    package let usageText: ByteBufferView?
    /// Bytes of generated text, escapes as written: what an estimate counts where there is no usage.
    package let contentBytes: Int
    package let choiceCount: Int
    /// Every choice says why it ended. Some servers never say.
    package let isFinished: Bool
}

/// Why an upstream's 200 is no answer.
package enum AnswerError: Error, Equatable {
    /// Not one whole JSON text, or not the form's answer; the text says what is missing, in words of ours.
    case malformed(String)
    /// An error in an answer's place.
    case upstream(UpstreamError)
}

/// Reads upstreams' whole answers.
package enum AnswerReader {
    /// - Parameters:
    ///   - body: a body that came with status 200, whole.
    ///   - index: scratch; holds the body's index afterwards.
    package static func readUnary(
        _ body: ByteBuffer, dialect: Dialect, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        let response: ChatResponse
        do throws(ChatResponseError) {
            response = try ChatResponseReader.read(body, index: &index)
        } catch {
            throw AnswerError(error)
        }
        return AnswerSummary(
            usage: response.usage?.resolved(dialect.usageStyle),
            usageText: response.usage?.text(in: body)?.readableBytesView,
            contentBytes: response.textBytes, choiceCount: response.choiceCount,
            isFinished: response.choices.areFinished)
    }
}

extension AnswerError {
    fileprivate init(_ error: ChatResponseError) {
        switch error {
        case .notJSON: self = .malformed("the body is not one whole JSON text")
        case .notAnAnswer(let reason): self = .malformed(reason.rawValue)
        case .upstream(let error): self = .upstream(error)
        }
    }
}
