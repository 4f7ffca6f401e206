import FoundationEssentials

/// What DashScope's models that speak answer: the tone that `Speech` is, by pieces in events, by its address otherwise.
///
/// `qwen-tts` sends bare samples whatever is asked for; the others a WAV, and samples for `pcm`.
struct DashScopeSound: Sendable {
    private let text: String
    private let bytes: [UInt8]
    private let countsTokens: Bool

    private static let formats: Set<String> = ["mp3", "wav", "pcm", "opus"]
    /// Some of those that the vendor has.
    private static let voices: Set<String> = [
        "Cherry", "Serena", "Ethan", "Chelsie", "Nofish", "Dylan", "Jada", "Sunny", "Rocky", "Kiki", "Jennifer", "Ryan",
    ]

    /// A request to `multimodal-generation`.
    ///
    /// - Parameter model: without directives.
    init(multimodal body: JSONTree, model: String) throws(RequestProblem) {
        let request = try DashScopeBody(
            body, inputs: ["text", "voice", "language_type", "instructions", "optimize_instructions"],
            parameters: ["response_format", "speech_rate", "sample_rate", "volume", "pitch_rate"])
        try DashScopeBody.checkRate(request.parameters["speech_rate"])
        guard Self.voices.contains(try request.text("voice")) else { throw .inDashScope("Invalid voice specified") }
        let isFirst = model.hasPrefix("qwen-tts")
        let format = try Self.format(request.parameters["response_format"])
        try self.init(request, format: isFirst ? "pcm" : format, countsTokens: isFirst)
    }

    /// A request to `SpeechSynthesizer`.
    init(synthesizer body: JSONTree) throws(RequestProblem) {
        let request = try DashScopeBody(
            body, inputs: ["text", "voice", "format", "sample_rate", "rate", "volume", "pitch", "instructions"],
            parameters: [])
        try DashScopeBody.checkRate(request.input["rate"])
        guard try request.text("voice").hasPrefix("lo") else { throw .inDashScope("Invalid voice specified") }
        try self.init(request, format: try Self.format(request.input["format"]), countsTokens: false)
    }

    private init(_ request: DashScopeBody, format: String, countsTokens: Bool) throws(RequestProblem) {
        text = try request.text("text")
        guard text.count <= 5_000 else { throw .inDashScope("the text is too long") }
        bytes = format == "pcm" ? SampleSound.pcm(for: text) : SampleSound.wav(for: text)
        self.countsTokens = countsTokens
    }

    private static func format(_ value: JSONTree?) throws(RequestProblem) -> String {
        let format = value.map { $0.text ?? "" } ?? "wav"
        guard formats.contains(format) else { throw .inDashScope("the format must be one of mp3, wav, pcm, opus") }
        return format
    }

    var tokens: Int { SimulatedTokenizer.count(text) }

    private var usage: JSONTree {
        guard countsTokens else { return ["characters": .int(text.count)] }
        return [
            "input_tokens": .int(tokens), "output_tokens": .int(pieces.count),
            "total_tokens": .int(tokens + pieces.count),
            "input_tokens_details": ["text_tokens": .int(tokens)],
            "output_tokens_details": ["audio_tokens": .int(pieces.count), "text_tokens": 0],
        ]
    }

    private var pieces: [String] {
        stride(from: 0, to: bytes.count, by: 1024).map {
            Data(bytes[$0..<min($0 + 1024, bytes.count)]).base64EncodedString()
        }
    }

    /// The answer of one that wants no events: an address.
    func body(requestID: String, hidesUsage: Bool) -> JSONTree { last(requestID, hidesUsage: hidesUsage) }

    func stream(requestID: String, hidesUsage: Bool) -> [StreamStep] {
        var steps = pieces.enumerated().map { index, piece in
            let event: JSONTree = [
                "output": [
                    "audio": [
                        "data": .string(piece), "expires_at": 1_795_222_800, "id": .string("audio_\(requestID)"),
                    ],
                    "finish_reason": "null",
                ], "request_id": .string(requestID),
            ]
            return Self.step(event, number: index + 1, tokens: 1)
        }
        steps.append(Self.step(last(requestID, hidesUsage: hidesUsage), number: steps.count + 1))
        return steps
    }

    private func last(_ requestID: String, hidesUsage: Bool) -> JSONTree {
        var members: [JSONTree.Member] = [
            .init(
                "output",
                [
                    "audio": [
                        "data": "", "expires_at": 1_795_222_800, "id": .string("audio_\(requestID)"),
                        "url": "http://sounds.simulator.invalid/1.wav?Expires=1",
                    ], "finish_reason": "stop",
                ])
        ]
        if !hidesUsage { members.append(.init("usage", usage)) }
        members.append(.init("request_id", .string(requestID)))
        return .object(members)
    }

    /// An event in DashScope's framing, which has no space behind its colons.
    static func step(_ event: JSONTree, number: Int, tokens: Int = 0) -> StreamStep {
        let isError = event["code"] != nil
        return StreamStep(
            "id:\(number)\nevent:\(isError ? "error" : "result")\n:HTTP_STATUS/\(isError ? 500 : 200)\ndata:\(event.compactText)\n\n",
            tokens: tokens)
    }
}
