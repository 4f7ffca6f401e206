import NIOCore
import Pipeline
import Testing
import Wire

struct GeminiEmbeddingTests {
    private func gemini(_ text: String, isBatch: Bool) throws(ConversationError) -> EmbeddingRequest {
        var index = JSONIndex()
        return try GeminiEmbedding.readRequest(
            ByteBuffer(string: text), path: GeminiSupport.path, isBatch: isBatch, index: &index)
    }

    private func openAI(_ text: String) throws(ConversationError) -> EmbeddingRequest {
        var index = JSONIndex()
        return try OpenAIEmbedding.readRequest(ByteBuffer(string: text), index: &index)
    }

    private func vector(_ text: String) -> JSONFragment {
        JSONFragment(trusted: ByteBuffer(string: text), kind: .array)
    }

    @Test(
        arguments: [
            #"{"content":{"parts":[{"text":"a"},{"text":"b"}]},"taskType":"RETRIEVAL_QUERY","title":"t","outputDimensionality":8}"#,
            #"{"model":"models/x","content":{"role":"user","parts":[{"text":"a"},{"text":"b"}]},"embed_content_config":{"task_type":"RETRIEVAL_QUERY","title":"t","output_dimensionality":8}}"#,
        ])
    func readsOneTextInBothNestings(text: String) throws {
        let read = try gemini(text, isBatch: false)
        var expected = EmbeddingRequest(
            shape: .geminiSingle, model: "asked", inputs: [JSONText("a\nb")])
        expected.taskType = "RETRIEVAL_QUERY"
        expected.title = "t"
        expected.dimensions = 8
        #expect(read == expected)
    }

    @Test func bringsABatchToOpenAI() throws {
        let read = try gemini(
            #"{"requests":[{"content":{"parts":[{"text":"a"}],"role":"user"},"outputDimensionality":8,"taskType":"CLUSTERING","model":"models/emb","newest":1},{"content":{"parts":[{"text":"\u00e9"}]},"taskType":"CLUSTERING","outputDimensionality":8}]}"#,
            isBatch: true)
        let written = OpenAIEmbedding.write(read, model: "text-embedding-3-small")
        #expect(
            String(buffer: written.body)
                == #"{"model":"text-embedding-3-small","input":["a","\u00e9"],"encoding_format":"float","dimensions":8}"#
        )
        #expect(written.report.dropped == ["taskType", "requests.newest"])
        var index = JSONIndex()
        let answer = try OpenAIEmbedding.readAnswer(
            ByteBuffer(
                string:
                    #"{"object":"list","data":[{"object":"embedding","index":1,"embedding":[0.01,-2e-3]},{"index":0,"embedding":[1,0]}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}"#
            ),
            index: &index)
        #expect(answer.vectors == [vector("[1,0]"), vector("[0.01,-2e-3]")])
        #expect(answer.usage?.prompt == 3)
        var buffer = ByteBuffer()
        GeminiEmbedding.write(answer, isBatch: true, into: &buffer)
        #expect(
            String(buffer: buffer)
                == #"{"embeddings":[{"values":[1,0]},{"values":[0.01,-2e-3]}],"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3}}"#
        )
        buffer.clear()
        GeminiEmbedding.write(EmbeddingAnswer(vectors: [vector("[1]")]), isBatch: false, into: &buffer)
        #expect(String(buffer: buffer) == #"{"embedding":{"values":[1]}}"#)
    }

    @Test func bringsOpenAIsListToGemini() throws {
        let read = try openAI(
            #"{"model":"m","input":["a","b"],"dimensions":2,"encoding_format":"base64","user":"u","newest":1}"#)
        #expect(read.shape == .openAI(isBase64: true))
        let written = GeminiEmbedding.write(read, model: "gemini-embedding-001")
        #expect(
            String(buffer: written.body)
                == #"{"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]},"outputDimensionality":2},{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"b"}]},"outputDimensionality":2}]}"#
        )
        #expect(written.report.dropped == ["user", "newest"])
        var index = JSONIndex()
        let answer = try GeminiEmbedding.readAnswer(
            ByteBuffer(string: #"{"embeddings":[{"values":[1,-0.5]},{"values":[1e300,0]}]}"#), index: &index)
        func answered(isBase64: Bool) -> String {
            var buffer = ByteBuffer()
            OpenAIEmbedding.write(
                answer, isBase64: isBase64, model: "gemini-embedding-001", estimatedTokens: 4, index: &index,
                into: &buffer)
            return String(buffer: buffer)
        }
        let tail = #","model":"gemini-embedding-001","usage":{"prompt_tokens":4,"total_tokens":4}}"#
        #expect(
            answered(isBase64: false)
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,-0.5]},{"object":"embedding","index":1,"embedding":[1e300,0]}]"#
                + tail)
        // 1.0, -0.5; the largest float, 0.0: little-endian.
        #expect(
            answered(isBase64: true)
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAL8="},{"object":"embedding","index":1,"embedding":"//9/fwAAAAA="}]"#
                + tail)
    }

    @Test func readsASingleAnswer() throws {
        var index = JSONIndex()
        let answer = try GeminiEmbedding.readAnswer(
            ByteBuffer(string: #"{"embedding":{"values":[1]},"usageMetadata":{"promptTokenCount":5}}"#), index: &index)
        #expect(answer.vectors == [vector("[1]")])
        #expect(answer.usage?.prompt == 5)
    }

    @Test(
        arguments: [
            (#"{}"#, false, "content"), (#"{"content":{}}"#, false, "content.parts"),
            (#"{"content":{"parts":[{"text":""}]}}"#, false, "content.parts"),
            (#"{"content":{"parts":[{"inlineData":{}}]}}"#, false, "content.parts[0]"),
            (#"{"content":{"parts":[{"text":"a"}]},"outputDimensionality":0}"#, false, "outputDimensionality"),
            (
                #"{"content":{"parts":[{"text":"a"}]},"embedContentConfig":{"taskType":1}}"#, false,
                "embedContentConfig.taskType"
            ),
            (#"{"requests":[]}"#, true, "requests"), (#"{"requests":[7]}"#, true, "requests[0].content"),
            (
                #"{"requests":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"a"}]},"taskType":"X"}]}"#,
                true, "requests[1]"
            ),
        ] as [(String, Bool, String)])
    func refusesByName(text: String, isBatch: Bool, param: String) {
        #expect {
            _ = try gemini(text, isBatch: isBatch)
        } throws: { ($0 as? ConversationError)?.param == param }
    }

    @Test(
        arguments: [
            (#"{"input":"a"}"#, "model"), (#"{"model":"m"}"#, "input"), (#"{"model":"m","input":[]}"#, "input"),
            (#"{"model":"m","input":""}"#, "input"), (#"{"model":"m","input":[1,2]}"#, "input[0]"),
            (#"{"model":"m","input":["a",""]}"#, "input[1]"),
            (#"{"model":"m","input":"a","encoding_format":"x"}"#, "encoding_format"),
            (#"{"model":"m","input":"a","dimensions":-1}"#, "dimensions"),
            (#"{"model":"m","input":"a","input":"b"}"#, "input"),
        ] as [(String, String)])
    func refusesOpenAIsByName(text: String, param: String) {
        #expect {
            _ = try openAI(text)
        } throws: { ($0 as? ConversationError)?.param == param }
    }

    @Test(
        arguments: [
            "", "[]", "{}", #"{"embeddings":[]}"#, #"{"embeddings":[{"values":["a"]}]}"#, #"{"embedding":{}}"#,
            #"{"data":[{"embedding":"AACA"}]}"#, #"{"data":[]}"#,
        ])
    func takesNothingElseForAnAnswer(text: String) {
        var index = JSONIndex()
        #expect(throws: CompletionError.self) {
            _ = try GeminiEmbedding.readAnswer(ByteBuffer(string: text), index: &index)
        }
        #expect(throws: CompletionError.self) {
            _ = try OpenAIEmbedding.readAnswer(ByteBuffer(string: text), index: &index)
        }
    }

    @Test func readsErrors() {
        var index = JSONIndex()
        let body = ByteBuffer(string: #"{"error":{"message":"no","code":400,"status":"INVALID_ARGUMENT"}}"#)
        let expected = CompletionError.upstream(UpstreamError(message: "no", type: "INVALID_ARGUMENT", code: "400"))
        #expect(throws: expected) { _ = try GeminiEmbedding.readAnswer(body, index: &index) }
        #expect(throws: expected) { _ = try OpenAIEmbedding.readAnswer(body, index: &index) }
    }
}
