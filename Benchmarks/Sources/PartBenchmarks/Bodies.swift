import NIOCore

/// The texts the parts are measured on, of the shape and size that the comparison beside other proxies uses.
enum Bodies {
    static let small = request(turns: 0)
    static let large = request(turns: 60)
    /// The small one with tools in the form that the stages give them.
    static let canonical = request(
        turns: 0,
        tools: ["convert", "lookup", "search"].map { name in
            #"{"function":{"description":"Look a fact up in \#(name)","name":"\#(name)","parameters":{"properties":"#
                + #"{"q":{"type":"string"}},"required":["q"],"type":"object"}},"type":"function"}"#
        }.joined(separator: ","))
    /// A loop of calls, as an agent's history is: each with its arguments, which are JSON in a string, and its result.
    static let agent: ByteBuffer = {
        var messages = [#"{"role":"user","content":"Mend the build."}"#]
        for call in 0..<60 {
            let arguments =
                #"{\"new\":\"let count = \#(call)\\n\#(String(repeating: "some code, \\\\\\\"quoted\\\\\\\" too\\\\n", count: 12))\",\"path\":\"Sources/A\#(call).swift\"}"#
            messages.append(
                #"{"role":"assistant","content":null,"tool_calls":[{"id":"call_\#(call)","type":"function","function":"#
                    + #"{"name":"edit","arguments":"\#(arguments)"}}]}"#)
            let result = String(repeating: #"a line of output, \"quoted\"\n"#, count: 40)
            messages.append(#"{"role":"tool","tool_call_id":"call_\#(call)","content":"\#(result)"}"#)
        }
        return ByteBuffer(string: #"{"model":"bench","messages":["# + messages.joined(separator: ",") + "]}")
    }()

    /// Chinese text from an encoder that escapes all but ASCII, as Python's does unless it is told otherwise.
    static let escaped = ByteBuffer(
        string: #"{"model":"bench","messages":[{"role":"user","content":""#
            + String(repeating: #"\u4f60\u597d\uff0c\u4e16\u754c "#, count: 3_600) + #""}]}"#)

    static let answer = ByteBuffer(
        string: """
            {"id":"chatcmpl-9xyz","object":"chat.completion","created":1731000000,"model":"gpt-4o-mini","choices":[{"index":0,\
            "message":{"role":"assistant","content":"\(String(repeating: "Paris is the capital of France. ", count: 8))","refusal":null},\
            "logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":812,"completion_tokens":32,"total_tokens":844,\
            "prompt_tokens_details":{"cached_tokens":512,"audio_tokens":0}},"system_fingerprint":"fp_1"}
            """)

    static let event = ByteBuffer(
        string: """
            data: {"id":"chatcmpl-s","object":"chat.completion.chunk","created":1731000000,"model":"gpt-4o-mini",\
            "choices":[{"index":0,"delta":{"content":"some words of it"},"finish_reason":null}],"t":123456789012345}\n\n
            """)

    static let requestHead = """
        POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nuser-agent: OpenAI/Python 3.52.0\r\n\
        accept: application/json\r\naccept-encoding: gzip, deflate\r\nconnection: keep-alive\r\n\
        content-type: application/json\r\nauthorization: Bearer sk-tr-0123456789012345678901234567890123456789012\r\n\
        x-stainless-lang: python\r\nx-stainless-package-version: 3.52.0\r\nx-stainless-os: Linux\r\ncontent-length:
        """

    static func message(_ body: ByteBuffer) -> ByteBuffer {
        var message = ByteBuffer(string: requestHead + " \(body.readableBytes)\r\n\r\n")
        message.writeImmutableBuffer(body)
        return message
    }

    static let response: ByteBuffer = {
        var response = ByteBuffer(
            string: "HTTP/1.1 200 OK\r\nserver: nginx\r\ndate: Sat, 21 Nov 2026 04:00:00 GMT\r\n"
                + "content-type: application/json\r\ncontent-length: \(answer.readableBytes)\r\nconnection: keep-alive\r\n\r\n")
        response.writeImmutableBuffer(answer)
        return response
    }()

    static let chunkedHead = ByteBuffer(
        string: "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")

    static let chunk: ByteBuffer = {
        var chunk = ByteBuffer(string: String(event.readableBytes, radix: 16) + "\r\n")
        chunk.writeImmutableBuffer(event)
        chunk.writeString("\r\n")
        return chunk
    }()

    private static func request(turns: Int, tools: String? = nil) -> ByteBuffer {
        var messages = [#"{"role": "system", "content": "\#(String(repeating: "You are a careful assistant. ", count: 40))"}"#]
        for turn in 0..<turns {
            let question = String(repeating: "some earlier question with its context. ", count: 20)
            let answer = String(repeating: #"a long answer, \"quoted\" and with\nnew lines. "#, count: 20)
            messages.append(#"{"role": "user", "content": "Turn \#(turn): \#(question)"}"#)
            messages.append(#"{"role": "assistant", "content": "Answer \#(turn): \#(answer)"}"#)
        }
        messages.append(
            #"{"role": "user", "content": "\#(String(repeating: "What is the capital of France, and why? ", count: 10))"}"#)
        let usual = ["lookup", "search", "convert"].map { name in
            #"{"type": "function", "function": {"name": "\#(name)", "description": "Look a fact up in \#(name)", "#
                + #""parameters": {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}}}"#
        }
        return ByteBuffer(
            string: #"{"model": "bench", "messages": ["# + messages.joined(separator: ", ")
                + #"], "temperature": 0.2, "max_tokens": 256, "tools": ["# + (tools ?? usual.joined(separator: ", ")) + "]}")
    }
}
