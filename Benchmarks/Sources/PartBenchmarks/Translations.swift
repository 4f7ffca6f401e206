import NIOCore
import Pipeline
import Wire

/// A client's form told in a vendor's, and its answers told back: what each adapter costs.
struct Translations: Sendable {
    /// As it stands in the part's name.
    let name: String
    let client: RequestForm
    /// The vendor's kind in the registry, and the model that makes it speak the form meant.
    let vendor: String
    let model: String

    static let all = [
        Translations(name: "Anthropic:Chat", client: .anthropicMessages, vendor: "openai-compatible", model: "gpt-4o-mini"),
        Translations(name: "Gemini:Chat", client: .geminiGenerate, vendor: "openai-compatible", model: "gpt-4o-mini"),
        Translations(name: "Responses:Chat", client: .openAIResponses, vendor: "openai-compatible", model: "gpt-4o-mini"),
        Translations(name: "Chat:Anthropic", client: .openAIChat, vendor: "anthropic", model: "claude-sonnet-5"),
        Translations(name: "Chat:Gemini", client: .openAIChat, vendor: "gemini", model: "gemini-3.8-flash"),
        Translations(name: "Anthropic:Responses", client: .anthropicMessages, vendor: "openai", model: "gpt-5.4"),
    ]

    /// The request told, an answer told back, and one streamed event told back.
    var parts: [PartBenchmarks.Part] {
        [
            PartBenchmarks.Part(name: "Translate:Request:\(name)") { requests($0) },
            PartBenchmarks.Part(name: "Translate:Answer:\(name)") { answers($0) },
            PartBenchmarks.Part(name: "Translate:Event:\(name)") { events($0) },
        ]
    }

    private func requests(_ rounds: Int) {
        var world = World(self)
        let body = FormBodies.request(client, isStream: false)
        for _ in 0..<rounds { PartBenchmarks.keep(world.render(body, isStream: false)) }
    }

    private func answers(_ rounds: Int) {
        var world = World(self)
        let rendered = world.render(FormBodies.request(client, isStream: false), isStream: false)
        guard case .translated(let translation) = rendered.answer else { fatalError("\(name) is not translated") }
        let answer = FormBodies.answer(translation.vendorForm)
        for _ in 0..<rounds {
            guard (try? AnswerReader.readUnary(answer, route: rendered.answer, index: &world.index)) != nil else {
                fatalError("\(name): the answer is refused")
            }
        }
    }

    private func events(_ rounds: Int) {
        var world = World(self)
        let rendered = world.render(FormBodies.request(client, isStream: true), isStream: true)
        guard case .translated(let translation) = rendered.answer else { fatalError("\(name) is not translated") }
        var decoder = SSEDecoder()
        var reader = StreamReader(route: rendered.answer)
        var told = 0
        decoder.append(FormBodies.opening(translation.vendorForm))
        let event = FormBodies.event(translation.vendorForm)
        for round in 0...rounds {
            while let event = try? decoder.next() {
                if case .forward = reader.read(event, index: &world.index), round > 0 { told += 1 }
            }
            decoder.append(event)
        }
        guard told == rounds else { fatalError("\(name): \(told) of \(rounds) events were told") }
    }

    /// What a request meets on its way.
    private struct World {
        let translations: Translations
        let pipeline = PromptPipeline(options: PipelineOptions())
        let target: OutboundTarget
        var index = JSONIndex()

        init(_ translations: Translations) {
            self.translations = translations
            guard let dialect = DialectRegistry.dialect(kind: translations.vendor) else {
                fatalError("\(translations.vendor) is no vendor")
            }
            target = OutboundTarget(dialect: dialect, model: translations.model)
        }

        mutating func render(_ body: ByteBuffer, isStream: Bool) -> RenderedRequest {
            let form = translations.client
            let path = form == .geminiGenerate ? PathParameters(model: "bench", isStream: isStream) : nil
            do {
                let prepared = try pipeline.prepare(body: body, kind: .conversation(form), path: path, index: &index)
                return try pipeline.render(prepared, body: body, for: target, context: RenderContext(), index: &index)
            } catch {
                fatalError("\(translations.name): \(error)")
            }
        }
    }
}
