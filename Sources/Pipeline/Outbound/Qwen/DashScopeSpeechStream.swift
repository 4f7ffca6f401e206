import NIOCore
import Wire

/// Tells DashScope's events of a sound as OpenAI's: `speech.audio.delta`, and `speech.audio.done` with the usage (OpenAI's
/// reference of `/audio/speech`, read 2026-11).
struct DashScopeSpeechStream: NativeStream {
    private let wantsSamples: Bool
    private let estimatedInputTokens: Int64
    private var progress = SpeechProgress()
    private var hasBegun = false

    init(_ translation: NativeTranslation) {
        wantsSamples = DashScopeSpeech.wantsSamples(translation.fields)
        estimatedInputTokens = translation.estimatedInputTokens
    }

    var usage: ReportedUsage? { progress.usage }
    var usageText: ByteBuffer? { progress.usageText }

    mutating func read(_ event: SSEEvent, index: inout JSONIndex) -> StreamStep {
        let piece: JSONText?
        do throws(AnswerError) {
            piece = try progress.take(event.data, index: &index)
        } catch {
            switch error {
            case .upstream(let error): return .failed(message: error.message ?? UpstreamError.silentStreamFailure)
            case .malformed: return .malformed
            }
        }
        var told = ByteBuffer()
        let isFirst = !hasBegun
        if let piece {
            guard let text = text(of: piece) else { return .malformed }
            hasBegun = true
            SSEEncoder.write(
                json: { writer in
                    writer.object { object in
                        object.member("type", raw: #""speech.audio.delta""#)
                        object.member("audio", text)
                    }
                }, into: &told)
        }
        if progress.isEnded {
            guard hasBegun else { return .malformed }
            writeEnd(into: &told)
            return .done(tail: told)
        }
        return piece == nil ? .hide : .forward(told, isFirstContent: isFirst, contentBytes: 0)
    }

    /// A piece as the client is given it: only the first may need another beginning.
    private func text(of piece: JSONText) -> JSONText? {
        guard !hasBegun else { return piece }
        return Base64.decoded(piece.decoded).map {
            JSONText(content: Base64.encoded(SpokenSound.beginning($0, wantsSamples: wantsSamples)))
        }
    }

    /// Clients take an end without counts for an error.
    private func writeEnd(into buffer: inout ByteBuffer) {
        let input = usage?.prompt ?? estimatedInputTokens
        let output = usage?.completion ?? 0
        SSEEncoder.write(
            json: { writer in
                writer.object { object in
                    object.member("type", raw: #""speech.audio.done""#)
                    object.object("usage") { members in
                        members.member("input_tokens", input)
                        members.member("output_tokens", output)
                        members.member("total_tokens", usage?.total ?? input &+ output)
                    }
                }
            }, into: &buffer)
    }
}
