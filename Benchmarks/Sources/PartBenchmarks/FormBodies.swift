import NIOCore
import Pipeline

/// One question with its answer in each form: the small request of `Bodies`, three tools with it.
enum FormBodies {
    private static let system = String(repeating: "You are a careful assistant. ", count: 40)
    private static let question = String(repeating: "What is the capital of France, and why? ", count: 10)
    private static let text = String(repeating: "Paris is the capital of France. ", count: 8)
    private static let schema = #"{"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}"#

    private static func tools(_ body: (_ name: String) -> String) -> String {
        ["lookup", "search", "convert"].map(body).joined(separator: ", ")
    }

    static func request(_ form: RequestForm, isStream: Bool) -> ByteBuffer {
        let stream = isStream ? #", "stream": true"# : ""
        switch form {
        case .openAIChat:
            let tools = tools {
                #"{"type": "function", "function": {"name": "\#($0)", "description": "Look a fact up in \#($0)", "parameters": \#(schema)}}"#
            }
            return ByteBuffer(
                string: #"{"model": "bench", "messages": [{"role": "system", "content": "\#(system)"}, {"role": "user", "#
                    + #""content": "\#(question)"}], "temperature": 0.2, "max_tokens": 256, "tools": [\#(tools)]\#(stream)}"#)
        case .openAIResponses:
            let tools = tools {
                #"{"type": "function", "name": "\#($0)", "description": "Look a fact up in \#($0)", "parameters": \#(schema)}"#
            }
            return ByteBuffer(
                string: #"{"model": "bench", "instructions": "\#(system)", "input": [{"role": "user", "content": "\#(question)"}], "#
                    + #""temperature": 0.2, "max_output_tokens": 256, "tools": [\#(tools)]\#(stream)}"#)
        case .anthropicMessages:
            let tools = tools {
                #"{"name": "\#($0)", "description": "Look a fact up in \#($0)", "input_schema": \#(schema)}"#
            }
            return ByteBuffer(
                string: #"{"model": "bench", "max_tokens": 256, "temperature": 0.2, "system": "\#(system)", "messages": "#
                    + #"[{"role": "user", "content": "\#(question)"}], "tools": [\#(tools)]\#(stream)}"#)
        case .geminiGenerate:
            let tools = tools {
                #"{"name": "\#($0)", "description": "Look a fact up in \#($0)", "parameters": \#(schema)}"#
            }
            return ByteBuffer(
                string: #"{"systemInstruction": {"parts": [{"text": "\#(system)"}]}, "contents": [{"role": "user", "parts": "#
                    + #"[{"text": "\#(question)"}]}], "generationConfig": {"temperature": 0.2, "maxOutputTokens": 256}, "#
                    + #""tools": [{"functionDeclarations": [\#(tools)]}]}"#)
        }
    }

    static func answer(_ form: RequestForm) -> ByteBuffer {
        switch form {
        case .openAIChat: Bodies.answer
        case .openAIResponses:
            ByteBuffer(
                string: #"{"id":"resp_1","object":"response","created_at":1731000000,"status":"completed","model":"gpt-5.4","#
                    + #""output":[{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":"#
                    + #"[{"type":"output_text","text":"\#(text)","annotations":[]}]}],"usage":{"input_tokens":812,"#
                    + #""input_tokens_details":{"cached_tokens":512},"output_tokens":32,"#
                    + #""output_tokens_details":{"reasoning_tokens":0},"total_tokens":844}}"#)
        case .anthropicMessages:
            ByteBuffer(
                string: #"{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5","content":"#
                    + #"[{"type":"text","text":"\#(text)"}],"stop_reason":"end_turn","stop_sequence":null,"usage":"#
                    + #"{"input_tokens":300,"cache_creation_input_tokens":0,"cache_read_input_tokens":512,"output_tokens":32}}"#)
        case .geminiGenerate:
            ByteBuffer(
                string: #"{"candidates":[{"content":{"parts":[{"text":"\#(text)"}],"role":"model"},"finishReason":"STOP","#
                    + #""index":0}],"usageMetadata":{"promptTokenCount":812,"cachedContentTokenCount":512,"#
                    + #""candidatesTokenCount":32,"totalTokenCount":844},"modelVersion":"gemini-3.8-flash","responseId":"r1"}"#)
        }
    }

    /// What a stream of the form begins with, up to its first text.
    static func opening(_ form: RequestForm) -> ByteBuffer {
        switch form {
        case .openAIChat, .geminiGenerate: event(form)
        case .openAIResponses:
            ByteBuffer(
                string: sse("response.created", #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1731000000,"status":"in_progress","model":"gpt-5.4","output":[]}}"#)
                    + sse("response.output_item.added", #"{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}"#)
                    + sse("response.content_part.added", #"{"type":"response.content_part.added","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}"#))
        case .anthropicMessages:
            ByteBuffer(
                string: sse("message_start", #"{"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":812,"output_tokens":1}}}"#)
                    + sse("content_block_start", #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#))
        }
    }

    /// A few words of a stream of the form.
    static func event(_ form: RequestForm) -> ByteBuffer {
        switch form {
        case .openAIChat: Bodies.event
        case .openAIResponses:
            ByteBuffer(
                string: sse("response.output_text.delta", #"{"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"some words of it"}"#))
        case .anthropicMessages:
            ByteBuffer(
                string: sse("content_block_delta", #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"some words of it"}}"#))
        case .geminiGenerate:
            ByteBuffer(
                string: #"data: {"candidates":[{"content":{"parts":[{"text":"some words of it"}],"role":"model"},"index":0}],"#
                    + #""usageMetadata":{"promptTokenCount":812,"totalTokenCount":812},"modelVersion":"gemini-3.8-flash","responseId":"r1"}"#
                    + "\n\n")
        }
    }

    private static func sse(_ name: String, _ data: String) -> String { "event: \(name)\ndata: \(data)\n\n" }
}
