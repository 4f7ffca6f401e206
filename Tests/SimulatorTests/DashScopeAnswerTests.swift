import FoundationEssentials
import HTTPTypes
import Hummingbird
import Testing

@testable import Simulator

/// DashScope's own API: pictures, speech and ranking.
struct DashScopeAnswerTests {
    private static let generation = "/api/v1/services/aigc/multimodal-generation/generation"
    private static let synthesizer = "/api/v1/services/audio/tts/SpeechSynthesizer"
    private static let ranking = "/api/v1/services/rerank/text-rerank/text-rerank"
    private static let events: HTTPFields = HTTPField.Name("x-dashscope-sse").map { [$0: "enable"] } ?? [:]

    private static func pictures(_ content: String, _ parameters: String = "{}", model: String = "qwen-image-3.0")
        -> String
    {
        #"{"model":"\#(model)","input":{"messages":[{"role":"user","content":[\#(content)]}]},"parameters":\#(parameters)}"#
    }

    @Test func picturesAreNamedByAddressAndCounted() async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.post(
                Self.generation, Self.pictures(#"{"text":"A cat"}"#, #"{"n":2,"size":"2048*2048"}"#)
            ).tree()
            let links = (0..<2).map { tree.at("output.choices.\($0).message.content.0.image").text ?? "" }
            #expect(links.allSatisfy { $0.hasPrefix("https://") } && links[0] != links[1])
            #expect(tree.at("usage.output_image_count") == 2 && tree.at("usage.output_image_type") == "qima_output_2k")
            #expect(tree["request_id"]?.text?.isEmpty == false)
            let edit = try await client.post(
                Self.generation,
                Self.pictures(
                    #"{"image":"data:image/png;base64,AAAA"},{"text":"A hat"}"#, model: "qwen-image-edit-plus")
            ).tree()
            #expect(edit.at("usage.image_count") == 1)
        }
    }

    @Test(arguments: [
        pictures(""), pictures(#"{"text":""}"#), pictures(#"{"text":"a"},{"text":"b"}"#),
        pictures(#"{"image":"a.png"},{"text":"a"}"#),
        pictures(#"{"text":"a"}"#, #"{"size":"1024x1024"}"#), pictures(#"{"text":"a"}"#, #"{"n":7}"#),
        pictures(#"{"text":"a"}"#, #"{"n":"2"}"#), pictures(#"{"text":"a"}"#, #"{"user":"u"}"#),
        pictures(#"{"text":"a"}"#, model: "qwen-image-edit"), #"{"model":"qwen-image-3.0","prompt":"a"}"#,
        #"{"model":"qwen-image-3.0","input":{"prompt":"a"}}"#,
    ])
    func badPicturesAreRefusedInItsWords(body: String) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.post(Self.generation, body)
            let tree = try answer.tree()
            #expect(answer.status == 400 && tree["code"] == "InvalidParameter" && tree["error"] == nil, "\(body)")
            #expect(tree["message"]?.text?.isEmpty == false && tree["request_id"]?.text?.isEmpty == false)
        }
    }

    private static func pieces(_ answer: SimulatorClient.Answer) throws -> [JSONTree] {
        try answer.text.split(separator: "\n").filter { $0.hasPrefix("data:") }
            .map { try JSONTreeReader.read($0.dropFirst(5).utf8) }
    }

    @Test(arguments: [
        (
            generation,
            #"{"model":"qwen3-tts-flash","input":{"text":"Hi there","voice":"Cherry"},"parameters":{"response_format":"mp3"}}"#,
            true
        ),
        (
            generation,
            #"{"model":"qwen3-tts-flash","input":{"text":"Hi there","voice":"Cherry"},"parameters":{"response_format":"pcm"}}"#,
            false
        ),
        (
            generation,
            #"{"model":"qwen-tts","input":{"text":"Hi there","voice":"Cherry"},"parameters":{"response_format":"mp3"}}"#,
            false
        ),
        (
            synthesizer,
            #"{"model":"cosyvoice-v3-flash","input":{"text":"Hi there","voice":"longanhuan","format":"wav","rate":1.5}}"#,
            true
        ),
    ])
    func speechComesInEvents(path: String, body: String, isWave: Bool) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.post(path, body, headers: Self.events)
            #expect(
                answer.headers[.contentType] == "text/event-stream"
                    && answer.text.hasPrefix("id:1\nevent:result\n:HTTP_STATUS/200\ndata:{"))
            let events = try Self.pieces(answer)
            let bytes = events.compactMap { Data(base64Encoded: $0.at("output.audio.data").text ?? "*") }
            #expect(
                Array(bytes.joined()) == (isWave ? SampleSound.wav(for: "Hi there") : SampleSound.pcm(for: "Hi there")))
            #expect(events.dropLast().allSatisfy { $0.at("output.finish_reason") == "null" })
            #expect(
                events.last?.at("output.finish_reason") == "stop" && events.last?.at("output.audio.url").text != nil)
            let usage = events.last?["usage"]
            #expect(body.contains("qwen-tts\"") ? usage?["input_tokens"] == 2 : usage?["characters"] == 8)
        }
    }

    @Test func speechWithoutEventsIsAnAddress() async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.post(
                Self.generation, #"{"model":"qwen3-tts-flash","input":{"text":"Hi","voice":"Cherry"}}"#
            ).tree()
            #expect(
                tree.at("output.audio.data") == "" && tree.at("output.audio.url").text?.hasPrefix("http://") == true)
        }
    }

    @Test(arguments: [
        (generation, #"{"model":"qwen3-tts-flash","input":{"text":"Hi","voice":"alloy"}}"#),
        (generation, #"{"model":"qwen3-tts-flash","input":{"text":"Hi","voice":"Cherry","rate":1}}"#),
        (
            generation,
            #"{"model":"qwen3-tts-flash","input":{"text":"Hi","voice":"Cherry"},"parameters":{"speech_rate":3}}"#
        ),
        (
            generation,
            #"{"model":"qwen3-tts-flash","input":{"text":"Hi","voice":"Cherry"},"parameters":{"response_format":"flac"}}"#
        ),
        (
            synthesizer,
            #"{"model":"cosyvoice-v3-flash","input":{"text":"Hi","voice":"longanhuan"},"parameters":{"rate":1}}"#
        ),
        (ranking, #"{"model":"qwen3-rerank","query":"q","documents":["d"]}"#),
        (ranking, #"{"model":"qwen3-rerank","input":{"query":"q","documents":[]}}"#),
        (ranking, #"{"model":"qwen3-rerank","input":{"query":"q","documents":["d"],"top_n":1}}"#),
    ])
    func whatStandsInTheWrongPlaceIsRefused(path: String, body: String) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.post(path, body, headers: path == Self.ranking ? [:] : Self.events)
            let code = try answer.tree()["code"]
            #expect(answer.status == 400 && code == "InvalidParameter", "\(body)")
        }
    }

    @Test func documentsAreRanked() async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.post(
                Self.ranking,
                #"{"model":"qwen3-rerank","input":{"query":"red fish","documents":["blue","red fish"]},"parameters":{"top_n":1,"return_documents":true}}"#
            ).tree()
            #expect(tree.at("output.results.0.index") == 1 && tree.at("output.results.0.document.text") == "red fish")
            #expect(tree.at("output.results").elements?.count == 1 && tree.at("usage.total_tokens").integer ?? 0 > 0)
        }
    }

    @Test func aFailureInAStreamIsAnEventOfIts() {
        let step = DashScopeSound.step(DashScopeError(status: 500, requestID: "r").body, number: 3)
        #expect(
            step.text
                == "id:3\nevent:error\n:HTTP_STATUS/500\ndata:{\"code\":\"InternalError\",\"message\":\"The simulator was asked for this error.\",\"request_id\":\"r\"}\n\n"
        )
    }

    @Test func faultsAreInItsWords() async throws {
        try await SimulatorClient.run { client in
            let limited = try await client.post(
                Self.ranking, #"{"model":"qwen3-rerank!error=429","input":{"query":"q","documents":["d"]}}"#)
            let code = try limited.tree()["code"]
            #expect(limited.status == 429 && code == "Throttling.RateQuota")
        }
        try await SimulatorClient.run({ $0.acceptedKeys = ["sk-other"] }) { client in
            let answer = try await client.post(Self.ranking, "{}")
            let code = try answer.tree()["code"]
            #expect(answer.status == 401 && code == "InvalidApiKey")
        }
    }

    @Test func compatibleModeHasChatAndEmbeddingsAndNoMore() async throws {
        try await SimulatorClient.run { client in
            let chat = #"{"model":"qwen3.7-plus","messages":[{"role":"user","content":"Hi"}]}"#
            let embedding = #"{"model":"m","input":"a"}"#
            let answers = [
                try await client.post("/compatible-mode/v1/chat/completions", chat),
                try await client.post("/compatible-mode/v1/embeddings", embedding),
                try await client.post("/compatible-mode/v1/rerank", "{}"),
            ]
            #expect(answers.map(\.status) == [200, 200, 404])
        }
    }
}
