import NIOCore
import Wire

/// Pictures by DashScope's own API, in one request and one answer (platform.qianwenai.com, Qwen-Image API, and alibabacloud.com,
/// Qwen image generation and editing API reference, 2026-10-12): `qwen-image…`, `z-image…`, `wan2.6-…` and later. Older models
/// make tasks of requests; the vendor refuses them here and says so.
///
/// It gives links, which last for 24 hours, never the pictures' bytes.
enum DashScopeImages {
    /// Fields of OpenAI's that say nothing where they have this value: it is what is done anyway.
    private static func saysNothing(_ field: OperationFields.Field) -> Bool {
        switch field.name {
        case "stream": true
        case "response_format": field.means("url")
        case "output_format": field.means("png")
        case "size", "quality", "background", "moderation": field.means("auto")
        default: false
        }
    }

    static func write(
        _ request: NativeRequest, root: String, index: inout JSONIndex
    ) throws(ConversationError) -> NativeCall {
        guard !request.isStream else {
            throw ConversationError(
                "This model's target makes pictures whole, not as a stream. Leave 'stream' out.", param: "stream")
        }
        var call = NativeCall(
            path: root + "/services/aigc/multimodal-generation/generation", body: ByteBuffer())
        var pictures: [JSONText] = []
        var parameters: [(name: String, value: JSONFragment)] = []
        for field in request.fields.fields {
            switch field.name {
            case "model", "prompt": break
            case "image", "image[]", "images": pictures += try addresses(field, index: &index)
            case _ where saysNothing(field): break
            case "size": parameters.append((field.name, size(field)))
            case "n", "seed", "negative_prompt", "prompt_extend", "prompt_extend_mode", "watermark":
                parameters.append((field.name, field.fragment))
            default: call.report.drop(field.name)
            }
        }
        for file in request.fields.files {
            if file.name == "image" || file.name == "image[]" {
                pictures.append(dataURL(of: file))
            } else {
                call.report.drop(file.name)
            }
        }
        let prompt = request.fields["prompt"]?.text ?? .empty
        JSONWriter.write(into: &call.body) { writer in
            writer.object { object in
                object.member("model", request.target.model)
                object.object("input") { input in
                    input.array("messages") { messages in
                        messages.object { message in
                            message.member("role", raw: #""user""#)
                            message.array("content") { content in
                                for picture in pictures { content.object { $0.member("image", picture) } }
                                content.object { $0.member("text", prompt) }
                            }
                        }
                    }
                }
                guard !parameters.isEmpty else { return }
                object.object("parameters") { list in
                    for (name, value) in parameters {
                        list.key(name)
                        list.fragment(value)
                    }
                }
            }
        }
        return call
    }

    /// `1024x1024` is `1024*1024`.
    private static func size(_ field: OperationFields.Field) -> JSONFragment {
        guard let text = field.text else { return field.fragment }
        let own = text.string.split(separator: "x", omittingEmptySubsequences: false).joined(separator: "*")
        return JSONFragment(kind: .string) { $0.string(own) }
    }

    /// A text, an object with `image_url`, or a list of them.
    private static func addresses(
        _ field: OperationFields.Field, index: inout JSONIndex
    ) throws(ConversationError) -> [JSONText] {
        guard case .json(let fragment) = field.value, let root = JSONView(fragment.bytes, index: &index) else {
            return field.text.map { [$0] } ?? []
        }
        var addresses: [JSONText] = []
        let isList = root.kind == .array
        for (position, element) in (isList ? root.elements : [root]).enumerated() {
            let name = isList ? "\(field.name)[\(position)]" : field.name
            if element["file_id"] != nil {
                throw ConversationError(
                    "'\(name).file_id' names a file that this model's vendor does not have. Send the picture's address, or the picture itself, as 'image_url'.",
                    param: "\(name).file_id")
            }
            guard let address = element.text ?? element["image_url"]?.text ?? element["image_url"]?["url"]?.text else {
                throw .mistyped(name, "the address of a picture, or an object with an 'image_url'")
            }
            addresses.append(address)
        }
        return addresses
    }

    private static func dataURL(of file: OperationFields.File) -> JSONText {
        var url = ByteBuffer(staticString: "data:")
        url.writeString(mediaType(of: file))
        url.writeStaticString(";base64,")
        url.writeImmutableBuffer(Base64.encoded(file.bytes))
        return JSONText(content: url)
    }

    /// By the file's first bytes: what clients say of it is often only that it has bytes. The result needs no escapes.
    private static func mediaType(of file: OperationFields.File) -> String {
        let first = file.bytes.readableBytesView.prefix(12)
        if first.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if first.starts(with: Array("GIF8".utf8)) { return "image/gif" }
        if first.starts(with: Array("RIFF".utf8)), first.suffix(4).elementsEqual("WEBP".utf8) { return "image/webp" }
        if first.starts(with: Array("BM".utf8)) { return "image/bmp" }
        return "image/png"
    }
}

/// What comes back.
extension DashScopeImages {
    static func read(
        _ body: ByteBuffer, _ translation: NativeTranslation, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary {
        let root = try DashScopeAPI.answer(body, index: &index)
        var links: [JSONText] = []
        for choice in root["output"]?["choices"]?.elements ?? [] {
            for part in choice["message"]?["content"]?.elements ?? [] {
                if let link = part["image"]?.text { links.append(link) }
            }
        }
        guard !links.isEmpty else { throw .malformed("the answer has no picture") }
        var told = ByteBuffer()
        JSONWriter.write(into: &told) { writer in
            writer.object { object in
                object.member("created", translation.createdSeconds)
                object.array("data") { list in
                    for link in links { list.object { $0.member("url", link) } }
                }
            }
        }
        let usage = DashScopeAPI.usage(of: root)
        return AnswerSummary(
            body: told, usage: usage.tokens, usageText: usage.text?.readableBytesView, contentBytes: 0,
            choiceCount: links.count, isFinished: true)
    }
}
