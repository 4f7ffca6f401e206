import NIOCore
import Testing
import Wire

struct GeminiPromptViewTests {
    private func view(_ text: String, isStream: Bool = false) throws -> PromptView {
        let body = ByteBuffer(string: text)
        var index = JSONIndex()
        return try body.withUnsafeReadableBytes { bytes in
            try index.read(bytes)
            return try PromptView(gemini: bytes, index: index, model: "m", isStream: isStream)
        }
    }

    private func text(_ range: Range<Int>?, in body: String) -> String? {
        range.map { String(decoding: Array(body.utf8)[$0], as: UTF8.self) }
    }

    @Test(
        arguments: [
            #"{"tools":[{"googleSearch":{}}],"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"parts":[{"text":"q"},{"inlineData":{"mimeType":"image/png","data":"AA=="}}]},{"role":"model","parts":[{"text":"a"}]},{"role":"user","parts":[{"fileData":{"mimeType":"application/pdf","fileUri":"gs://b/o"}}]}],"generationConfig":{"maxOutputTokens":64,"candidateCount":2,"temperature":0.0,"seed":1,"stopSequences":["x"]}}"#,
            #"{"tools":[{"google_search":{}}],"system_instruction":{"parts":[{"text":"s"}]},"contents":[{"parts":[{"text":"q"},{"inline_data":{"mime_type":"image/png","data":"AA=="}}]},{"role":"model","parts":[{"text":"a"}]},{"role":"user","parts":[{"file_data":{"mime_type":"application/pdf","file_uri":"gs://b/o"}}]}],"generation_config":{"max_output_tokens":64,"candidate_count":2,"temperature":0,"seed":1,"stop_sequences":["x"]}}"#,
        ])
    func seesWhatStandsWhereInBothSpellings(body: String) throws {
        let view = try view(body, isStream: true)
        #expect(view.model == "m" && view.modelValue == nil && view.isStream && view.afterBrace == 1)
        #expect(view.messages.map(\.role) == [.user, .assistant, .user])
        #expect(view.messages.map(\.isDocument) == [false, false, true])
        #expect(view.messages.map { text($0.span, in: body)?.first } == ["{", "{", "{"])
        #expect(text(view.messagesValue, in: body)?.hasPrefix(#"[{"parts""#) == true)
        #expect(text(view.toolsValue, in: body)?.hasPrefix("[{") == true)
        #expect(text(view.systemValue, in: body) == #"{"parts":[{"text":"s"}]}"#)
        #expect(view.attachments.map(\.kind) == [.image, .file])
        #expect(view.attachments.allSatisfy { text($0.span, in: body)?.hasPrefix("{\"mime") == true })
        #expect(view.maximumOutputTokens == 64 && view.choices == 2 && view.isTemperatureZero && view.hasSeed)
        #expect(view.hasStopSequences)
    }

    @Test func takesNullForAbsent() throws {
        let view = try view(
            #"{"contents":[{"parts":[{"text":"q"}]}],"tools":null,"systemInstruction":null,"generationConfig":null}"#)
        #expect(view.toolsValue == nil && view.systemValue == nil && view.maximumOutputTokens == nil)
        #expect(view.choices == 1 && !view.isTemperatureZero && !view.hasSeed && view.attachments.isEmpty)
        #expect(!view.hasStopSequences)
        let empty = try self.view(#"{"contents":[{"parts":[]}],"tools":[],"system_instruction":{}}"#)
        #expect(empty.toolsValue == nil && empty.systemValue == nil)
    }

    @Test func looksIntoACountsRequest() throws {
        let body = #"{"generateContentRequest":{"model":"models/m","contents":[{"parts":[{"text":"q"}]}]}}"#
        let view = try view(body)
        #expect(view.messages.count == 1)
        #expect(text(view.messagesValue, in: body) == #"[{"parts":[{"text":"q"}]}]"#)
    }

    @Test(
        arguments: [
            ("[]", nil), ("{}", "contents"), (#"{"contents":null}"#, "contents"), (#"{"contents":[]}"#, "contents"),
            (#"{"contents":"q"}"#, "contents"), (#"{"contents":["q"]}"#, "contents[0]"),
            (#"{"contents":[{}],"tools":{}}"#, "tools"), (#"{"contents":[{}],"tools":[1]}"#, "tools[0]"),
            (#"{"contents":[{}],"systemInstruction":"s"}"#, "systemInstruction"),
            (#"{"contents":[{}],"generationConfig":[]}"#, "generationConfig"),
            (#"{"contents":[{}],"generationConfig":{"maxOutputTokens":0}}"#, "generationConfig.maxOutputTokens"),
            (#"{"contents":[{}],"generationConfig":{"candidate_count":"2"}}"#, "generationConfig.candidateCount"),
            (#"{"contents":[{}],"generationConfig":{"temperature":"0"}}"#, "generationConfig.temperature"),
            (#"{"contents":[{}],"generationConfig":{"stopSequences":"x"}}"#, "generationConfig.stopSequences"),
            (#"{"contents":[{}],"generationConfig":{"seed":true}}"#, "generationConfig.seed"),
            (#"{"contents":[{}],"contents":[{}]}"#, "contents"),
            (#"{"contents":[{}],"systemInstruction":{},"system_instruction":{}}"#, "system_instruction"),
            (#"{"contents":[{}],"generationConfig":{"topP":1,"top_p":1}}"#, "generationConfig.top_p"),
        ] as [(String, String?)])
    func refusesByName(body: String, param: String?) throws {
        let error = try #require(throws: RequestError.self) { _ = try view(body) }
        guard case .invalid(let named, let message) = error else { return }
        #expect(named == param)
        if let param { #expect(message.contains("'\(param)'")) }
    }
}
