/// What `multimodal-generation` answers to a model that draws: the addresses of pictures, which are not there.
struct DashScopePictures: Sendable {
    private let prompt: String
    private let count: Int
    private let sources: Int
    private let width: Int
    private let height: Int
    /// Its answers count as those of the third generation do.
    private let isThird: Bool

    private static let parameters: Set<String> = [
        "n", "size", "seed", "negative_prompt", "prompt_extend", "prompt_extend_mode", "watermark",
    ]

    /// - Parameter model: without directives.
    init(_ body: JSONTree, model: String) throws(RequestProblem) {
        let request = try DashScopeBody(body, inputs: ["messages"], parameters: Self.parameters)
        (prompt, sources) = try Self.read(request.input)
        if model.contains("edit"), sources == 0 { throw .inDashScope("an image is required") }
        if model.hasPrefix("qwen-image-max") || model.hasPrefix("qwen-image-plus") || model == "qwen-image", sources > 0
        {
            throw .inDashScope("\(model) takes no image")
        }
        isThird = model.hasPrefix("qwen-image-3")
        count = try request.number("n", in: 1...6) ?? 1
        _ = try request.number("seed", in: 0...2_147_483_647)
        for name in ["prompt_extend", "watermark"] { try request.checkFlag(name) }
        let size = request.parameters["size"]
        let sides = (size?.text ?? "1328*1328").split(separator: "*").compactMap { Int($0) }
        guard size == nil || size?.text != nil, sides.count == 2, sides.allSatisfy({ (256...4096).contains($0) }) else {
            throw .inDashScope("size must be like 1024*1024")
        }
        (width, height) = (sides[0], sides[1])
    }

    /// The one text and how many pictures stand with it.
    private static func read(_ input: JSONTree) throws(RequestProblem) -> (String, Int) {
        guard let messages = input["messages"]?.elements, messages.count == 1, messages[0]["role"] == "user",
            let content = messages[0]["content"]?.elements
        else { throw .inDashScope("input.messages must have one message of the user with a list for its content") }
        var texts: [String] = []
        var sources = 0
        for part in content {
            guard let member = part.members?.first, part.members?.count == 1, let value = member.value.text else {
                throw .inDashScope("a part of the content must have an image or a text")
            }
            switch member.name {
            case "text": texts.append(value)
            case "image" where MediaRules.isAddress(value): sources += 1
            default: throw .inDashScope("\(member.name) is no good part of the content")
            }
        }
        guard texts.count == 1, !texts[0].isEmpty, sources <= 3 else {
            throw .inDashScope("the content must have one text and three images at most")
        }
        return (texts[0], sources)
    }

    var tokens: Int { count * SimulatedRequest.mediaTokens }

    func body(requestID: String, hidesUsage: Bool) -> JSONTree {
        let choices = (0..<count).map { index -> JSONTree in
            let name = String(SeededGenerator.mix(UInt64(index) &+ UInt64(prompt.utf8.count)), radix: 16)
            return [
                "finish_reason": "stop",
                "message": [
                    "role": "assistant",
                    "content": [["image": .string("https://pictures.simulator.invalid/\(name).png?Expires=1")]],
                ],
            ]
        }
        var members: [JSONTree.Member] = [.init("output", ["choices": .array(choices)])]
        if !hidesUsage { members.append(.init("usage", usage)) }
        members.append(.init("request_id", .string(requestID)))
        return .object(members)
    }

    private var usage: JSONTree {
        guard isThird else { return ["height": .int(height), "image_count": .int(count), "width": .int(width)] }
        let grade = width * height > 2_250_000 ? "2k" : "1k"
        return [
            "output_height": .int(height), "output_width": .int(width), "input_image_count": .int(sources),
            "input_image_type": .string("qima_input_\(grade)"), "output_image_count": .int(count),
            "output_image_type": .string("qima_output_\(grade)"),
        ]
    }
}
