import FoundationEssentials
import HTTPTypes
import Hummingbird
import Testing

@testable import Simulator

/// Images, sounds, moderation, ranking and the lists of models.
struct MediaAnswerTests {
    private static let boundary = "b0undary"

    private static func form(_ fields: [(String, String)], file: (name: String, fileName: String, bytes: String)?)
        -> String
    {
        var text = ""
        for (name, value) in fields {
            text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        if let file {
            text +=
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.name)\"; filename=\"\(file.fileName)\"\r\n"
            text += "Content-Type: application/octet-stream\r\n\r\n\(file.bytes)\r\n"
        }
        return text + "--\(boundary)--\r\n"
    }

    private static func post(
        _ client: SimulatorClient, _ path: String, _ fields: [(String, String)],
        file: (name: String, fileName: String, bytes: String)?
    ) async throws -> SimulatorClient.Answer {
        try await client.post(
            path, form(fields, file: file), headers: [.contentType: "multipart/form-data; boundary=\"\(boundary)\""])
    }

    @Test func picturesFollowFromThePromptAndAreBilled() async throws {
        try await SimulatorClient.run { client in
            let body = #"{"model":"gpt-image-1","prompt":"A cat","n":2}"#
            let tree = try await client.post("/v1/images/generations", body).tree()
            let pictures = (tree["data"]?.elements ?? []).compactMap { $0["b64_json"]?.text }
            #expect(pictures.count == 2 && pictures[0] != pictures[1])
            #expect(pictures[0] == SamplePicture.base64(for: "A cat0"))
            #expect(tree.at("usage.output_tokens") == 512)
            #expect(tree.at("usage.input_tokens_details.text_tokens") == 2)
            let streamed = try await client.post(
                "/v1/images/generations", #"{"model":"gpt-image-1","prompt":"A cat","stream":true,"partial_images":2}"#
            ).events()
            #expect(
                streamed.map { $0["type"]?.text } == [
                    "image_generation.partial_image", "image_generation.partial_image", "image_generation.completed",
                ])
            #expect(streamed.last?["b64_json"]?.text == pictures[0])
            #expect(streamed.last?.at("usage.output_tokens") == 256)
        }
    }

    @Test(arguments: [
        #"{"model":"gpt-image-1"}"#, #"{"model":"gpt-image-1","prompt":"x","n":11}"#,
        #"{"model":"gpt-image-1","prompt":"x","size":"big"}"#,
        #"{"model":"gpt-image-1","prompt":"x","response_format":"url"}"#,
    ])
    func badPicturesAreRefused(body: String) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.post("/v1/images/generations", body)
            #expect(answer.status == 400)
        }
    }

    @Test func aPNGIsWholeAndItsColourFollowsFromTheText() {
        let picture = SamplePicture.png(for: "a")
        #expect(picture.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(picture.suffix(8) == [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
        #expect(picture == SamplePicture.png(for: "a") && picture != SamplePicture.png(for: "b"))
    }

    @Test func editsTakeAFormWithPictures() async throws {
        try await SimulatorClient.run { client in
            let fields = [("model", "gpt-image-1"), ("prompt", "A dog")]
            let file = ("image[]", "a.gif", "GIF89a")
            let tree = try await Self.post(client, "/v1/images/edits", fields, file: file).tree()
            #expect(tree.at("usage.input_tokens_details.image_tokens") == 256)
            let events = try await Self.post(
                client, "/v1/images/edits", fields + [("stream", "true")], file: file
            ).events()
            #expect(events.map { $0["type"]?.text } == ["image_edit.completed"])
            let wrong = try await Self.post(client, "/v1/images/edits", fields, file: ("image", "a", "text"))
            #expect(try wrong.tree().at("error.param") == "image")
            #expect(try await Self.post(client, "/v1/images/edits", fields, file: nil).status == 400)
            #expect(try await client.post("/v1/images/edits", "{}").status == 400)
        }
    }

    @Test(arguments: [
        (#"[{"image_url":"https://x/y.png"},{"file_id":"file-1"}]"#, 200), (#"[{"image_url":"y.png"}]"#, 400),
        (#"[{"image_url":"https://x/y.png","file_id":"file-1"}]"#, 400), ("[]", 400), ("null", 400),
    ])
    func editsTakeJSONThatNamesPictures(images: String, status: Int) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.post(
                "/v1/images/edits", #"{"model":"gpt-image-2","prompt":"A dog","images":\#(images)}"#,
                headers: [.contentType: "application/json"])
            #expect(answer.status == status)
            guard status == 200 else { return }
            #expect(try answer.tree().at("usage.input_tokens_details.image_tokens") == 512)
        }
    }

    @Test(arguments: [("wav", "audio/wav"), ("mp3", "audio/mpeg"), ("pcm", "audio/pcm")])
    func speechIsASound(format: String, type: String) async throws {
        try await SimulatorClient.run { client in
            let body = #"{"model":"tts","voice":"alloy","input":"Hello","response_format":"\#(format)"}"#
            let answer = try await client.post("/v1/audio/speech", body)
            #expect(answer.headers[.contentType] == type)
            #expect(answer.text.hasPrefix("RIFF") == (format != "pcm"))
            let events = try await client.post(
                "/v1/audio/speech", #"{"model":"tts","voice":"alloy","input":"Hello","stream_format":"sse"}"#
            ).events()
            let bytes = events.compactMap { $0["audio"]?.text }.compactMap { Data(base64Encoded: $0) }
            #expect(Array(bytes.joined()) == SampleSound.wav(for: "Hello"))
            #expect(events.last?["type"] == "speech.audio.done")
        }
    }

    @Test func aTranscriptNamesTheFileInEachFormat() async throws {
        try await SimulatorClient.run { client in
            let file = ("file", "talk.wav", "RIFF 12345")
            let expected = "This is what the simulator heard in talk.wav, 10 bytes long."
            func ask(_ fields: [(String, String)]) async throws -> SimulatorClient.Answer {
                try await Self.post(client, "/v1/audio/transcriptions", fields, file: file)
            }
            let json = try await ask([("model", "gpt-4o-transcribe")]).tree()
            #expect(json["text"]?.text == expected)
            #expect(json.at("usage.type") == "tokens")
            let text = try await ask([("model", "whisper-1"), ("response_format", "text")])
            #expect(text.text == expected + "\n")
            let verbose = try await ask([("model", "whisper-1"), ("response_format", "verbose_json")]).tree()
            #expect(verbose.at("segments.0.text").text == expected)
            #expect(verbose.at("usage.type") == "duration")
            let events = try await ask([("model", "gpt-4o-transcribe"), ("stream", "true")]).events()
            #expect(events.compactMap { $0["delta"]?.text }.joined() == expected)
            #expect(events.last?["text"]?.text == expected)
            #expect(try await ask([("model", "gpt-4o-transcribe"), ("response_format", "srt")]).status == 400)
            #expect(try await ask([("model", "whisper-1!error=503")]).status == 503)
            #expect(try await ask([]).status == 400)
        }
    }

    @Test func moderationAndRanking() async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.post("/v1/moderations", #"{"input":["Hello","Violence!"]}"#).tree()
            #expect((tree["results"]?.elements ?? []).map { $0["flagged"] } == [false, true])
            #expect(tree.at("results.1.categories.violence") == true)
            let body =
                #"{"model":"r","query":"red cat","documents":["a dog","red cat","a cat"],"top_n":2,"return_documents":true}"#
            let ranked = try await client.post("/v1/rerank", body).tree()
            #expect((ranked["results"]?.elements ?? []).map { $0["index"]?.integer } == [1, 2])
            #expect(ranked.at("results.0.document.text") == "red cat")
            #expect(try await client.post("/v1/rerank", #"{"model":"r","query":"x"}"#).status == 400)
        }
    }

    @Test(arguments: ["embeddings", "moderations", "rerank", "images/generations", "audio/speech"])
    func faultsWorkThereToo(path: String) async throws {
        try await SimulatorClient.run { client in
            let body = #"{"model":"m!error=503","input":"x","voice":"a","prompt":"x","query":"x","documents":["x"]}"#
            let answer = try await client.post("/v1/\(path)", body)
            #expect(answer.status == 503)
            #expect(try answer.tree().at("error.type") == "server_error")
        }
    }

    @Test func modelsAreListedInTheFormOfTheCaller() async throws {
        try await SimulatorClient.run { client in
            let version = try #require(HTTPField.Name.anthropicVersion)
            let google = try #require(HTTPField.Name.googleKey)
            let key = SimulatorClient.key
            let openAI = try await client.send(.get, "/v1/models").tree()
            #expect(openAI["object"] == "list")
            let anthropic = try await client.send(.get, "/v1/models", headers: [version: "2026-10-21"]).tree()
            #expect(anthropic.at("data.0.type") == "model")
            #expect(anthropic["first_id"] == "simulator-model")
            for path in ["/v1beta/models", "/v1/models"] {
                let gemini = try await client.send(.get, path, key: nil, headers: [google: key]).tree()
                #expect(gemini.at("models.0.name") == "models/simulator-model")
            }
            #expect(try await client.send(.get, "/v1/models/x").tree()["id"] == "x")
            let one = try await client.send(.get, "/v1beta/models/x", key: nil, headers: [google: key]).tree()
            #expect(one["name"] == "models/x")
        }
    }
}

struct MultipartTests {
    private static func read(_ text: String, _ type: String = "multipart/form-data; boundary=b") throws -> Multipart {
        try Multipart(Array(text.utf8), type: type)
    }

    @Test func partsKeepTheirBytes() throws {
        let form = try Self.read(
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\r\n2-b\r\n--b\r\n"
                + "content-type: image/png\r\ncontent-disposition: form-data; name=\"f\"; filename=\"x.png\"\r\n\r\n\r\n--b--\r\n"
        )
        #expect(form.field("a") == "1\r\n\r\n2-b")
        #expect(form.files("f").first?.fileName == "x.png")
        #expect(form.files("f").first?.type == "image/png")
        #expect(form.files("f").first?.bytes == [])
        #expect(form.field("f") == nil)
    }

    @Test(arguments: [
        "", "--b", "--b\r\n--b--", "--b\r\n\r\n--b--", "--b\r\nx\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
    ])
    func brokenBodiesAreRefused(text: String) {
        #expect(throws: RequestProblem.self) { try Self.read(text) }
    }

    @Test(arguments: ["", "application/json", "multipart/form-data", "multipart/form-data; boundary=c"])
    func otherTypesAreRefused(type: String) {
        #expect(throws: RequestProblem.self) {
            try Self.read("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n", type)
        }
    }
}
