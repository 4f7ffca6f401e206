/// What `POST /images/generations` and `/images/edits` answer: pictures that follow from the prompt.
struct ImageAnswer: Sendable {
    /// Tokens of one picture that is drawn, as of one that is looked at.
    private static let imageTokens = SimulatedRequest.mediaTokens

    let prompt: String
    let count: Int
    let partials: Int
    /// Pictures given to be edited, the mask among them; nil: a generation.
    let sources: Int?
    let quality: String
    let size: String
    let background: String
    let format: String
    /// Unix seconds.
    let created: Int

    /// - Parameter value: a field of the request; its text, whatever its type was.
    init(sources: Int?, created: Int, value: (String) -> String?) throws(RequestProblem) {
        self.sources = sources
        self.created = created
        guard let prompt = value("prompt"), !prompt.isEmpty else {
            throw RequestProblem(
                message: "Missing required parameter: 'prompt'.", parameter: "prompt",
                code: "missing_required_parameter"
            )
        }
        guard let model = value("model"), !model.isEmpty else {
            throw RequestProblem(message: "You must provide a model parameter.", parameter: "model")
        }
        if model.hasPrefix("gpt-image") {
            for name in ["response_format", "style"] where value(name) != nil {
                throw RequestProblem(
                    message: "Unknown parameter: '\(name)'.", parameter: name, code: "unknown_parameter")
            }
        }
        self.prompt = prompt
        count = try Self.number("n", value("n") ?? "1", in: 1...10)
        partials = try Self.number("partial_images", value("partial_images") ?? "0", in: 0...3)
        quality = Self.chosen(value("quality"), "medium")
        size = Self.chosen(value("size"), "1024x1024")
        background = Self.chosen(value("background"), "opaque")
        format = Self.chosen(value("output_format"), "png")
        let sizes = size.split(separator: "x").compactMap { Int($0) }
        guard sizes.count == 2 else {
            throw RequestProblem(
                message:
                    "Invalid value: '\(size)'. Supported values are: '1024x1024', '1024x1536', '1536x1024' and 'auto'.",
                parameter: "size", code: "invalid_value")
        }
    }

    private static func number(
        _ name: String, _ text: String, in range: ClosedRange<Int>
    ) throws(RequestProblem) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw RequestProblem(
                message: "'\(name)' must be an integer from \(range.lowerBound) to \(range.upperBound).",
                parameter: name)
        }
        return number
    }

    /// `auto` is the vendor's choice.
    private static func chosen(_ value: String?, _ otherwise: String) -> String {
        value == nil || value == "auto" ? otherwise : value ?? otherwise
    }

    var tokens: Int { count * Self.imageTokens }

    private var usage: JSONTree {
        let text = SimulatedTokenizer.count(prompt)
        let seen = (sources ?? 0) * Self.imageTokens
        return [
            "input_tokens": .int(text + seen),
            "input_tokens_details": ["text_tokens": .int(text), "image_tokens": .int(seen)],
            "output_tokens": .int(tokens),
            "output_tokens_details": ["text_tokens": 0, "image_tokens": .int(tokens)],
            "total_tokens": .int(text + seen + tokens),
        ]
    }

    private func picture(_ index: Int) -> JSONTree { .string(SamplePicture.base64(for: "\(prompt)\(index)")) }

    private var about: [JSONTree.Member] {
        [
            .init("background", .string(background)), .init("output_format", .string(format)),
            .init("quality", .string(quality)), .init("size", .string(size)),
        ]
    }

    func body(hidesUsage: Bool) -> JSONTree {
        var members: [JSONTree.Member] = [.init("created", .int(created))]
        members += about
        members.append(.init("data", .array((0..<count).map { ["b64_json": picture($0)] })))
        if !hidesUsage { members.append(.init("usage", usage)) }
        return .object(members)
    }

    /// Drafts, then the whole picture with the usage.
    func stream(hidesUsage: Bool) -> [StreamStep] {
        let kind = sources == nil ? "image_generation" : "image_edit"
        var steps = (0..<partials).map { index -> StreamStep in
            let head: [JSONTree.Member] = [
                .init("type", "\(kind).partial_image"), .init("b64_json", picture(index + 1)),
                .init("partial_image_index", .int(index)), .init("created_at", .int(created)),
            ]
            return .event(.object(head + about))
        }
        var last: [JSONTree.Member] = [
            .init("type", "\(kind).completed"), .init("b64_json", picture(0)), .init("created_at", .int(created)),
        ]
        last += about
        if !hidesUsage { last.append(.init("usage", usage)) }
        steps.append(.event(.object(last), tokens: tokens))
        return steps
    }
}
