import ArgumentParser
import Foundation
import Metering
import NIOCore
import NIOFoundationEssentialsCompat
import Pipeline
import Wire

/// `tokenrouter explain`
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say where two requests' cacheable prefixes part, and what it costs.",
        discussion: """
            A and B are request bodies as a client sends them, B later than A. Told are the blocks of both prompts, the \
            first that differs, the bytes in which it does, what else the vendor's cache is bound to and differs (model, \
            cache key, answer format, thinking, …), what in B's instructions looks like changing with each request \
            (dates, times, ids, counters), how much of B a cache that A filled serves by the vendor's rules (its minimum, \
            its steps), and what reading the rest would have saved. Exit 1 where something differs that a cache wants equal.

              tokenrouter explain turn-1.json turn-2.json
              tokenrouter explain a.json b.json --form anthropic --arrange full --provider anthropic
            """)

    enum Form: String, CaseIterable, ExpressibleByArgument {
        case chat, responses, anthropic, gemini

        init(_ form: RequestForm) {
            switch form {
            case .openAIChat: self = .chat
            case .openAIResponses: self = .responses
            case .anthropicMessages: self = .anthropic
            case .geminiGenerate: self = .gemini
            }
        }

        var requestForm: RequestForm {
            switch self {
            case .chat: .openAIChat
            case .responses: .openAIResponses
            case .anthropic: .anthropicMessages
            case .gemini: .geminiGenerate
            }
        }
    }

    enum Arrangement: String, CaseIterable, ExpressibleByArgument {
        case off, safe, full

        var arrangement: PipelineOptions.Arrangement {
            switch self {
            case .off: .off
            case .safe: .safe
            case .full: .full
            }
        }
    }

    @Argument(help: "The earlier request's body: a JSON file; - is standard input.") var first: String
    @Argument(help: "The later request's body: a JSON file; - is standard input.") var second: String
    @Option(help: "chat, responses, anthropic or gemini. Default: what the bodies look like.") var form: Form?
    @Option(help: "What the gateway does to the prompts before: off, safe or full.") var arrange = Arrangement.safe
    @Option(
        help: """
            Reckon by this kind of vendor's rules and prices: \(Self.kinds.joined(separator: ", ")). Default: the one that \
            the model's name or the form stands for.
            """)
    var provider: String?
    @Option(help: "Take this model's rules and built-in prices. Default: the model that B names.") var model: String?
    @Flag(name: .long, help: "Print JSON instead of text.") var json = false

    /// The simulator caches as the vendors do.
    private static let kinds = DialectRegistry.kinds.filter { $0 != "simulator" }

    func run() async throws {
        let bodies = (try RequestFile(first), try RequestFile(second))
        let form = try form?.requestForm ?? RequestFile.form(of: bodies.0, bodies.1)
        var options = PipelineOptions()
        options.arrange = arrange.arrangement
        let pipeline = PromptPipeline(options: options)
        let prepared = (try bodies.0.prepare(form, pipeline), try bodies.1.prepare(form, pipeline))
        let comparison = PrefixComparison(
            prepared.0, bodies.0.body, prepared.1, bodies.1.body, sortsTools: arrange != .off)
        let target = try target(prepared.1.modelName, form)
        let report = ExplainReport(
            comparison, CacheReckoning(comparison, target.rules), provider: target.kind, model: target.model,
            price: target.price, volatile: prepared.1.volatility.map { .init($0, in: bodies.1.body) })
        StandardOutput.write(json ? try report.json : report.text)
        if report.differs { throw ExitCode(1) }
    }

    /// Whose rules and prices apply.
    /// - Throws: `ValidationError` where an option names what is not known.
    private func target(
        _ named: String, _ form: RequestForm
    ) throws -> (kind: String, model: String, rules: CacheRules, price: Price?) {
        let model = model ?? named
        let kind = provider ?? DialectRegistry.likelyKind(ofModel: model, form: form)
        guard Self.kinds.contains(kind), let dialect = DialectRegistry.dialect(kind: kind) else {
            throw ValidationError("--provider wants one of \(Self.kinds.joined(separator: ", ")); it is '\(kind)'.")
        }
        let price = PriceBook(entries: PriceBook.seeds).price(model: model, provider: kind)
        guard price != nil || self.model == nil else {
            let known = Set(PriceBook.seeds.map(\.model)).sorted().joined(separator: ", ")
            throw ValidationError("--model: there is no built-in price of '\(model)'. There are those of \(known).")
        }
        return (kind, model, dialect.cacheRules(of: model, in: form), price)
    }
}

/// A request's body out of a file.
private struct RequestFile {
    let name: String
    let body: ByteBuffer

    /// - Throws: `ValidationError` where it cannot be read or is not JSON.
    init(_ file: String) throws {
        name = file == "-" ? "standard input" : file
        if file == "-" {
            body = ByteBuffer(data: FileHandle.standardInput.readDataToEndOfFile())
        } else {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw ValidationError("\(file) cannot be read.")
            }
            body = ByteBuffer(data: data)
        }
        var index = JSONIndex()
        do {
            try body.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
        } catch {
            throw ValidationError("\(name) is not one JSON text: \(Self.words(error)).")
        }
    }

    private static func words(_ error: JSONError) -> String {
        switch error {
        case .invalid(let offset): "byte \(offset) cannot stand where it does"
        case .tooDeep(let offset): "it is nested too deep at byte \(offset)"
        case .tooManyNodes: "it holds too many values"
        case .tooLarge: "it is too large"
        }
    }

    func prepare(_ form: RequestForm, _ pipeline: PromptPipeline) throws -> PreparedRequest {
        var index = JSONIndex()
        let path = form == .geminiGenerate ? PathParameters(model: "gemini", isStream: false) : nil
        do {
            return try pipeline.prepare(body: body, kind: .conversation(form), path: path, index: &index)
        } catch {
            switch error {
            case .invalidRequest(let message, _):
                throw ValidationError("\(name), read as of the form \(ExplainCommand.Form(form).rawValue): \(message)")
            }
        }
    }

    /// What two bodies' members say of their form.
    /// - Throws: `ValidationError` where they say two things.
    static func form(of first: RequestFile, _ second: RequestFile) throws -> RequestForm {
        switch (first.form, second.form) {
        case (let one?, let other?):
            guard one == other else {
                throw ValidationError(
                    "\(first.name) is of the form \(ExplainCommand.Form(one).rawValue), \(second.name) of the form "
                        + "\(ExplainCommand.Form(other).rawValue): only requests of one form can be compared.")
            }
            return one
        case (let one?, nil): return one
        case (nil, let other?): return other
        case (nil, nil): return .openAIChat
        }
    }

    /// nil: it may be of several.
    private var form: RequestForm? {
        var index = JSONIndex()
        return body.withUnsafeReadableBytes { bytes in
            guard (try? index.read(bytes)) != nil else { return nil }
            func has(_ name: StaticString, in node: Int = 0) -> Bool { index.member(name, of: node, in: bytes) != nil }
            if has("contents") { return .geminiGenerate }
            if has("input") { return .openAIResponses }
            guard let messages = index.member("messages", of: 0, in: bytes) else { return nil }
            let tool = index.member("tools", of: 0, in: bytes).flatMap { list in index.elements(of: list).first { _ in true } }
            if has("system") || has("stop_sequences") || tool.map({ has("input_schema", in: $0) }) ?? false {
                return .anthropicMessages
            }
            let speaksChat = index.elements(of: messages).contains { message in
                guard let role = index.member("role", of: message, in: bytes) else { return false }
                return ["system", "developer", "tool"].contains { index.stringEquals(role, $0 as String, in: bytes) }
            }
            let isChat = speaksChat || has("response_format") || has("max_completion_tokens") || has("reasoning_effort")
            if isChat || tool.map({ has("function", in: $0) }) ?? false { return .openAIChat }
            let isClaudes = index.member("model", of: 0, in: bytes)
                .flatMap { index.string($0, in: bytes) }?.hasPrefix("claude") ?? false
            return isClaudes && has("max_tokens") ? .anthropicMessages : nil
        }
    }
}
