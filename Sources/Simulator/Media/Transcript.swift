/// What `POST /audio/transcriptions` answers: the simulator hears no words, it names the file and its bytes.
struct Transcript: Sendable {
    let text: String
    private let prompt: String
    private let file: Multipart.Part
    private let format: String
    private let language: String
    private let isWhisper: Bool

    private static let formats = ["json", "text", "srt", "verbose_json", "vtt", "diarized_json"]
    /// Bytes that stand for one token of sound, and for a second of it.
    private static let bytesPerToken = 1600
    private static let bytesPerSecond = 16000.0

    init(_ form: Multipart) throws(RequestProblem) {
        guard let file = form.files("file").first else {
            throw RequestProblem(
                message: "Missing required parameter: 'file'.", parameter: "file", code: "missing_required_parameter")
        }
        self.file = file
        isWhisper = form.field("model")?.hasPrefix("whisper") ?? false
        format = form.field("response_format") ?? "json"
        language = form.field("language") ?? "english"
        prompt = form.field("prompt") ?? ""
        text = "This is what the simulator heard in \(file.fileName ?? ""), \(file.bytes.count) bytes long."
        guard Self.formats.contains(format) else {
            throw RequestProblem(
                message:
                    "Invalid value: '\(format)'. Supported values are: '\(Self.formats.joined(separator: "', '"))'.",
                parameter: "response_format", code: "invalid_value")
        }
        guard isWhisper || ["json", "text", "diarized_json"].contains(format) else {
            throw RequestProblem(
                message: "response_format '\(format)' is not compatible with this model. Use 'json' or 'text' instead.",
                parameter: "response_format", code: "unsupported_value")
        }
        guard !file.bytes.isEmpty else {
            throw RequestProblem(message: "The audio file could not be decoded or its format is not supported.")
        }
    }

    var tokens: Int { SimulatedTokenizer.count(text) }

    private var seconds: JSONTree { .number(String(Double(file.bytes.count) / Self.bytesPerSecond)) }

    private var usage: JSONTree {
        guard !isWhisper else { return ["type": "duration", "seconds": seconds] }
        let heard = file.bytes.count / Self.bytesPerToken + 1
        let read = SimulatedTokenizer.count(prompt)
        return [
            "type": "tokens", "input_tokens": .int(heard + read),
            "input_token_details": ["text_tokens": .int(read), "audio_tokens": .int(heard)],
            "output_tokens": .int(tokens), "total_tokens": .int(heard + read + tokens),
        ]
    }

    /// The answer and its media type.
    func whole(hidesUsage: Bool) -> (text: String, type: String) {
        let bill: [JSONTree.Member] = hidesUsage ? [] : [.init("usage", usage)]
        switch format {
        case "text": return ("\(text)\n", "text/plain; charset=utf-8")
        case "srt": return ("1\n00:00:00,000 --> 00:00:01,000\n\(text)\n", "text/plain; charset=utf-8")
        case "vtt": return ("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n\(text)\n", "text/plain; charset=utf-8")
        case "verbose_json":
            let segment: JSONTree = [
                "id": 0, "seek": 0, "start": .number("0.0"), "end": seconds, "text": .string(text),
                "tokens": [1, 2, 3],
                "temperature": .number("0.0"), "avg_logprob": .number("-0.2"), "compression_ratio": .number("1.0"),
                "no_speech_prob": .number("0.0"),
            ]
            let members: [JSONTree.Member] = [
                .init("task", "transcribe"), .init("language", .string(language)), .init("duration", seconds),
                .init("text", .string(text)), .init("segments", [segment]),
            ]
            return (JSONTree.object(members + bill).compactText, "application/json")
        default: return (JSONTree.object([.init("text", .string(text))] + bill).compactText, "application/json")
        }
    }

    func stream(hidesUsage: Bool) -> [StreamStep] {
        var done: [JSONTree.Member] = [.init("type", "transcript.text.done"), .init("text", .string(text))]
        if !hidesUsage { done.append(.init("usage", usage)) }
        return SimulatedTokenizer.tokens(of: text).map {
            .data(["type": "transcript.text.delta", "delta": .string($0)], tokens: 1)
        } + [.data(.object(done))]
    }
}
