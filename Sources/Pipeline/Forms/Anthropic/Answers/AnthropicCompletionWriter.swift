package import NIOCore
import Wire

/// Writes a whole answer in the Messages form.
package enum AnthropicCompletionWriter {
    package static func write(_ completion: Completion, context: CompletionContext, into buffer: inout ByteBuffer) {
        let choice = completion.choices.first
        JSONWriter.write(into: &buffer) { writer in
            writer.object { root in
                root.member("id", completion.id ?? JSONText("msg_" + context.idSeed))
                root.member("type", raw: "\"message\"")
                root.member("role", raw: "\"assistant\"")
                root.member("model", completion.model ?? JSONText(context.upstreamModel))
                root.array("content") { content in
                    for part in signed(choice?.parts ?? []) { write(part, vendor: context.vendorForm, to: &content) }
                }
                AnthropicStopReason.write(choice?.stop, to: &root)
                root.object("usage") { usage in
                    AnthropicUsage.write(completion.usage, to: &usage)
                    let isPriority = completion.serviceTier?.means("priority") ?? false
                    usage.member("service_tier", raw: isPriority ? "\"priority\"" : "\"standard\"")
                }
            }
        }
    }

    /// A signature that came behind the text (Gemini's may) belongs to the thoughts before it that have none.
    private static func signed(_ parts: [Part]) -> [Part] {
        var result: [Part] = []
        for part in parts {
            guard case .reasoning(let late) = part.content, late.text.isEmpty, let signature = late.signature,
                let place = result.lastIndex(where: \.isUnsignedThought),
                case .reasoning(var thoughts) = result[place].content
            else {
                result.append(part)
                continue
            }
            thoughts.signature = signature
            result[place].content = .reasoning(thoughts)
        }
        return result
    }

    private static func write(_ part: Part, vendor: RequestForm, to content: inout JSONWriter) {
        switch part.content {
        case .text(let text), .refusal(let text):
            guard !text.isEmpty else { return }
            content.object { block in
                block.member("type", raw: "\"text\"")
                block.member("text", text)
            }
        case .toolCall(let call):
            var index = JSONIndex()
            let input = call.arguments.object(index: &index)
            content.object { block in
                block.member("type", raw: "\"tool_use\"")
                block.member("id", ToolCallID.sealed(call, for: .anthropicMessages))
                block.member("name", call.name)
                block.member("input", input)
            }
        case .reasoning(let reasoning): content.object { write(reasoning, vendor: vendor, to: &$0) }
        case .image(let media):
            guard let link = media.markdown else { return }
            content.object { block in
                block.member("type", raw: "\"text\"")
                block.member("text", link)
            }
        case .audio, .file, .toolResult, .other: break
        }
    }

    private static func write(_ reasoning: Reasoning, vendor: RequestForm, to block: inout JSONWriter) {
        if let redacted = reasoning.redacted {
            block.member("type", raw: "\"redacted_thinking\"")
            block.member("data", redacted.sealed(for: .anthropicMessages))
        } else {
            block.member("type", raw: "\"thinking\"")
            block.member("thinking", reasoning.text)
            block.member("signature", (reasoning.signature ?? .absent(of: vendor)).sealed(for: .anthropicMessages))
        }
    }
}

extension Media {
    /// The image as Markdown, for forms whose answers hold text alone; nil: it has neither data nor a URL.
    var markdown: JSONText? {
        switch source {
        case .url(let url): JSONText("![image](").joined(with: url, separator: "").joined(with: ")", separator: "")
        case .base64(let data):
            JSONText("![image](data:").joined(with: mediaType ?? "image/png", separator: "")
                .joined(with: data, separator: ";base64,").joined(with: ")", separator: "")
        case .plainText, .fileID: nil
        }
    }
}

extension Part {
    fileprivate var isUnsignedThought: Bool {
        guard case .reasoning(let reasoning) = content else { return false }
        return reasoning.signature == nil && reasoning.redacted == nil
    }
}
