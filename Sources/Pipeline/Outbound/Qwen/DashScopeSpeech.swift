import NIOCore
import Wire

/// Speech by DashScope's own API (alibabacloud.com, Qwen-TTS API reference, read 2026-11): `qwen-tts…`, `qwen3-tts…`, and by its
/// other path `cosyvoice-…` and `qwen-audio-…-tts…`.
///
/// A whole answer would hold a link, which an OpenAI client has no place for; events hold the sound. So events are asked for
/// always, and joined for a client that wants none.
enum DashScopeSpeech {
    /// How the wishes are spelled: `parameters.response_format` and `speech_rate`, or `input.format` and `rate`. A model passes
    /// over the other's spelling in silence.
    private enum Family {
        case qwenTTS, synthesizer

        init(model: String) {
            let name = model.lowercased()
            let isOther = name.hasPrefix("cosyvoice") || name.hasPrefix("qwen-audio") || name.hasPrefix("sambert")
            self = isOther ? .synthesizer : .qwenTTS
        }

        var path: String {
            switch self {
            case .qwenTTS: "/services/aigc/multimodal-generation/generation"
            case .synthesizer: "/services/audio/tts/SpeechSynthesizer"
            }
        }
    }

    static func write(_ request: NativeRequest, root: String, index: inout JSONIndex) -> NativeCall {
        let family = Family(model: request.target.model)
        var call = NativeCall(
            path: root + family.path, body: ByteBuffer(), headers: [("x-dashscope-sse", "enable")], asksForEvents: true)
        var input: [(name: String, value: JSONFragment)] = []
        var wishes: [(name: String, value: JSONFragment)] = []
        for field in request.fields.fields {
            switch field.name {
            case "model", "stream_format", "response_format": break
            case "input": input.append(("text", field.fragment))
            case "voice": input.append((field.name, voice(field, index: &index)))
            case "instructions", "optimize_instructions", "language_type": input.append((field.name, field.fragment))
            case "speed": wishes.append((family == .qwenTTS ? "speech_rate" : "rate", field.fragment))
            default: call.report.drop(field.name)
            }
        }
        let format = format(request.fields)
        if format.isOther { call.report.rewrite("response_format") }
        wishes.append(
            (family == .qwenTTS ? "response_format" : "format", JSONFragment(kind: .string) { $0.string(format.name) }))
        if family == .synthesizer { input += wishes }
        JSONWriter.write(into: &call.body) { writer in
            writer.object { object in
                object.member("model", request.target.model)
                object.object("input") { members in write(input, into: &members) }
                guard family == .qwenTTS else { return }
                object.object("parameters") { members in write(wishes, into: &members) }
            }
        }
        return call
    }

    private static func write(_ members: [(name: String, value: JSONFragment)], into writer: inout JSONWriter) {
        for (name, value) in members {
            writer.key(name)
            writer.fragment(value)
        }
    }

    /// A name, or an object with an `id`.
    private static func voice(_ field: OperationFields.Field, index: inout JSONIndex) -> JSONFragment {
        guard case .json(let fragment) = field.value, fragment.kind == .object else { return field.fragment }
        return JSONView(fragment.bytes, index: &index)?["id"]?.fragment ?? fragment
    }

    /// What is asked for; `isOther`: the vendor has not what the client wants, and makes a WAV.
    private static func format(_ fields: OperationFields) -> (name: String, isOther: Bool) {
        guard let wanted = fields["response_format"]?.text?.string else { return ("mp3", false) }
        return ["mp3", "wav", "pcm", "opus"].contains(wanted) ? (wanted, false) : ("wav", true)
    }

    /// Bare samples are asked for.
    static func wantsSamples(_ fields: OperationFields) -> Bool { fields["response_format"]?.means("pcm") ?? false }
}

/// What comes back, for a client that wants the sound and no events.
extension DashScopeSpeech {
    static func read(
        _ body: ByteBuffer, _ translation: NativeTranslation, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        var sound = ByteBuffer()
        var progress = SpeechProgress()
        for event in try events(of: body) {
            guard let piece = try progress.take(event, index: &index) else { continue }
            guard let bytes = Base64.decoded(piece.decoded) else {
                throw .malformed("a piece of the sound is no base64")
            }
            sound.writeImmutableBuffer(bytes)
        }
        guard progress.isEnded, sound.readableBytes > 0 else { throw .malformed("the sound is not whole") }
        let (bytes, mediaType) = SpokenSound.whole(sound, wantsSamples: wantsSamples(translation.fields))
        return AnswerSummary(
            body: bytes, usage: progress.usage, usageText: progress.usageText?.readableBytesView, contentBytes: 0,
            choiceCount: 1, isFinished: true, mediaType: mediaType)
    }

    /// The data of each event; a body that is none, but JSON, as if it were one's.
    private static func events(of body: ByteBuffer) throws(AnswerError) -> [ByteBuffer] {
        if body.readableBytesView.first == UInt8(ascii: "{") { return [body] }
        var decoder = SSEDecoder(maximumEventBytes: body.readableBytes &+ 1)
        decoder.append(body)
        var events: [SSEEvent] = []
        do throws(SSEError) {
            while let event = try decoder.next() { events.append(event) }
        } catch {
            throw .malformed("the events of the sound cannot be read")
        }
        if let event = decoder.finish() { events.append(event) }
        return events.filter { !$0.isComment && $0.data.readableBytes > 0 }.map(\.data)
    }
}

/// What the events of a sound have said so far.
struct SpeechProgress: Sendable {
    private(set) var isEnded = false
    private(set) var usage: ReportedUsage?
    private(set) var usageText: ByteBuffer?

    /// - Parameters:
    ///   - data: an event's.
    ///   - index: scratch.
    /// - Returns: the sound's next piece in base64; nil: the event has none.
    mutating func take(_ data: ByteBuffer, index: inout JSONIndex) throws(AnswerError) -> JSONText? {
        let root = try DashScopeAPI.answer(data, index: &index)
        let reported = DashScopeAPI.usage(of: root)
        usage = reported.tokens ?? usage
        usageText = reported.text ?? usageText
        guard let output = root["output"] else { return nil }
        let audio = output["audio"]
        // The last event names the whole sound's address; `finish_reason` is the text "null" before.
        let hasAddress = audio?["url"]?.text?.isEmpty == false
        isEnded = isEnded || hasAddress || output["finish_reason"]?.means("stop") ?? false
        guard let piece = audio?["data"]?.text, !piece.isEmpty else { return nil }
        return piece
    }
}
