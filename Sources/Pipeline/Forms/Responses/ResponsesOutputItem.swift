import NIOCore
import Wire

/// One item of a response's output.
struct ResponsesOutputItem {
    enum Kind: Equatable {
        case message, reasoning, functionCall, customCall, picture
    }

    let kind: Kind
    /// Its place in the output.
    let index: Int
    let id: JSONText

    /// - Parameter seed: sets the answer apart from others.
    init(_ kind: Kind, index: Int, seed: String) {
        self.kind = kind
        self.index = index
        let prefix =
            switch kind {
            case .message: "msg_"
            case .reasoning: "rs_"
            case .functionCall: "fc_"
            case .customCall: "ctc_"
            case .picture: "ig_"
            }
        id = JSONText(prefix + seed + "_" + String(index))
    }

    /// - Parameter content: the parts with their commas, without brackets.
    func writeMessage(status: StaticString, content: ByteBuffer, into writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("type", "message")
            $0.member("status", of: status)
            $0.member("role", "assistant")
            $0.array("content") { if content.readableBytes > 0 { $0.raw(content) } }
        }
    }

    /// - Parameters:
    ///   - summary: nil: there is none yet, or none at all.
    ///   - encrypted: nil: left out.
    func writeReasoning(summary: JSONText?, encrypted: JSONText?, into writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("type", "reasoning")
            $0.array("summary") { list in
                if let summary, !summary.isEmpty { list.summaryPart(summary) }
            }
            $0.member("encrypted_content", ifPresent: encrypted)
        }
    }

    /// - Parameters:
    ///   - arguments: a JSON text, or the free text of a custom tool; nil while none has come.
    ///   - status: of calls of functions, the only ones that have one.
    func writeCall(
        callID: JSONText, name: JSONText, arguments: JSONText?, status: StaticString, into writer: inout JSONWriter
    ) {
        let isCustom = kind == .customCall
        let arguments = arguments.map { Self.written($0, isCustom: isCustom) } ?? .empty
        writer.object {
            $0.member("id", id)
            $0.member("type", isCustom ? "custom_tool_call" : "function_call")
            if !isCustom { $0.member("status", of: status) }
            $0.member("call_id", callID)
            $0.member("name", name)
            if isCustom { $0.member("input", arguments) } else { $0.member("arguments", arguments) }
        }
    }

    /// Clients parse arguments as JSON: a call without any has an empty object.
    static func written(_ arguments: JSONText, isCustom: Bool) -> JSONText {
        arguments.isEmpty && !isCustom ? noArguments : arguments
    }

    /// As it stands between quotes.
    static let noArguments: JSONText = "{}"

    /// - Parameter data: base64; nil while it is made.
    func writePicture(_ data: JSONText?, into writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("type", "image_generation_call")
            $0.member("status", data == nil ? "in_progress" : "completed")
            $0.member("result", orNull: data)
        }
    }
}

extension JSONWriter {
    mutating func summaryPart(_ text: JSONText) {
        object {
            $0.member("type", "summary_text")
            $0.member("text", text)
        }
    }

    mutating func refusalPart(_ text: JSONText) {
        object {
            $0.member("type", "refusal")
            $0.member("refusal", text)
        }
    }

    /// - Parameters:
    ///   - annotations: with their commas, without brackets.
    ///   - logprobs: as `annotations`.
    mutating func outputTextPart(_ text: JSONText, annotations: ByteBuffer, logprobs: ByteBuffer) {
        object {
            $0.member("type", "output_text")
            $0.member("text", text)
            $0.array("annotations") { if annotations.readableBytes > 0 { $0.raw(annotations) } }
            $0.array("logprobs") { if logprobs.readableBytes > 0 { $0.raw(logprobs) } }
        }
    }
}
