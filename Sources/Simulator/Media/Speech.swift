import FoundationEssentials

/// What `POST /audio/speech` answers: a tone. The bytes are a WAV, whatever format was asked for, and raw samples for
/// `pcm`; only the media type follows the format.
struct Speech: Sendable {
    private let text: String
    private let format: String
    let isEvents: Bool

    private static let types = [
        "mp3": "audio/mpeg", "opus": "audio/ogg", "aac": "audio/aac", "flac": "audio/flac", "wav": "audio/wav",
        "pcm": "audio/pcm",
    ]

    init(_ body: JSONTree) throws(RequestProblem) {
        for name in ["input", "voice"] where body[name] == nil {
            throw RequestProblem(
                message: "Missing required parameter: '\(name)'.", parameter: name, code: "missing_required_parameter")
        }
        text = body["input"]?.text ?? ""
        format = body["response_format"]?.text ?? "mp3"
        isEvents = body["stream_format"] == "sse"
        guard !text.isEmpty, text.count <= 4096 else {
            throw RequestProblem(message: "'input' must have from 1 to 4096 characters.", parameter: "input")
        }
        guard Self.types[format] != nil else {
            throw RequestProblem(
                message:
                    "Invalid value: '\(format)'. Supported values are: '\(Self.types.keys.sorted().joined(separator: "', '"))'.",
                parameter: "response_format", code: "invalid_value")
        }
    }

    var type: String { isEvents ? "text/event-stream" : Self.types[format] ?? "audio/wav" }

    var tokens: Int { SimulatedTokenizer.count(text) }

    var bytes: [UInt8] { format == "pcm" ? SampleSound.pcm(for: text) : SampleSound.wav(for: text) }

    func stream(hidesUsage: Bool) -> [StreamStep] {
        let bytes = bytes
        var steps = stride(from: 0, to: bytes.count, by: 1024).map { start -> StreamStep in
            let piece = Data(bytes[start..<min(start + 1024, bytes.count)]).base64EncodedString()
            return .data(["type": "speech.audio.delta", "audio": .string(piece)], tokens: 1)
        }
        var done: [JSONTree.Member] = [.init("type", "speech.audio.done")]
        if !hidesUsage {
            done.append(
                .init(
                    "usage",
                    [
                        "input_tokens": .int(tokens), "output_tokens": .int(steps.count),
                        "total_tokens": .int(tokens + steps.count),
                    ]))
        }
        steps.append(.data(.object(done)))
        return steps
    }
}
