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
            first that differs, the bytes in which it does, what in B's instructions looks like changing with each \
            request (dates, times, ids, counters), and what reading the rest from a cache would have saved. \
            Exit 1 where a prefix was lost.

              tokenrouter explain turn-1.json turn-2.json
              tokenrouter explain a.json b.json --form anthropic --arrange full --provider anthropic
            """)

    enum Form: String, CaseIterable, ExpressibleByArgument {
        case chat, responses, anthropic, gemini

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

    @Argument(help: "The earlier request's body: a JSON file.") var first: String
    @Argument(help: "The later request's body: a JSON file.") var second: String
    @Option(help: "chat, responses, anthropic or gemini. Default: what the bodies look like.") var form: Form?
    @Option(help: "What the gateway does to the prompts before: off, safe or full.") var arrange = Arrangement.safe
    @Option(help: "Take this provider's prices where it has its own.") var provider = ""
    @Option(help: "Take this model's built-in prices. Default: the model that B names.") var model: String?
    @Flag(name: .long, help: "Print JSON instead of text.") var json = false

    func run() async throws {
        let bodies = (try read(first), try read(second))
        let form = try form?.requestForm ?? Self.form(of: bodies.1, file: second)
        var options = PipelineOptions()
        options.arrange = arrange.arrangement
        let pipeline = PromptPipeline(options: options)
        let prepared = (
            try Self.prepare(bodies.0, first, form, pipeline), try Self.prepare(bodies.1, second, form, pipeline)
        )
        let comparison = PrefixComparison(prepared.0, bodies.0, prepared.1, bodies.1)
        let name = model ?? prepared.1.modelName
        let report = ExplainReport(
            comparison, model: name,
            price: PriceBook(entries: PriceBook.seeds).price(model: name, provider: provider),
            volatile: prepared.1.volatility.map { .init($0, in: bodies.1) })
        StandardOutput.write(json ? try report.json : report.text)
        if comparison.parting != nil { throw ExitCode(1) }
    }

    private func read(_ file: String) throws -> ByteBuffer {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ValidationError("\(file) cannot be read.")
        }
        return ByteBuffer(data: data)
    }

    private static func prepare(
        _ body: ByteBuffer, _ file: String, _ form: RequestForm, _ pipeline: PromptPipeline
    ) throws -> PreparedRequest {
        var index = JSONIndex()
        let path = form == .geminiGenerate ? PathParameters(model: "gemini", isStream: false) : nil
        do {
            return try pipeline.prepare(body: body, kind: .conversation(form), path: path, index: &index)
        } catch {
            switch error { case .invalidRequest(let message, _): throw ValidationError("\(file): \(message)") }
        }
    }

    /// What a body's members say of its form.
    private static func form(of body: ByteBuffer, file: String) throws -> RequestForm {
        var index = JSONIndex()
        return try body.withUnsafeReadableBytes { bytes in
            do {
                try index.read(bytes)
            } catch {
                throw ValidationError("\(file) is not one JSON text.")
            }
            func has(_ name: StaticString) -> Bool { index.member(name, of: 0, in: bytes) != nil }
            if has("contents") { return .geminiGenerate }
            if has("input") { return .openAIResponses }
            let tools = index.member("tools", of: 0, in: bytes)
            let isAnthropics = tools.map { index.member("input_schema", of: $0 + 1, in: bytes) != nil } ?? false
            return has("system") || isAnthropics ? .anthropicMessages : .openAIChat
        }
    }
}

/// What `explain` prints.
struct ExplainReport: Encodable {
    struct Row: Encodable {
        var block: Int
        var kind: String
        var tokensA: Int64?
        var tokensB: Int64?
        var same: Bool
    }

    struct Parting: Encodable {
        var block: Int
        var kind: String
        var byteA: Int
        var byteB: Int
        var excerptA: String
        var excerptB: String
    }

    /// Something in B's instructions that the next request is likely to have otherwise.
    struct Volatile: Encodable {
        var kind: String
        var byte: Int
        var text: String
        /// It went to the prompt's end, where it costs nothing.
        var moved: Bool

        init(_ text: VolatileText, in body: ByteBuffer) {
            kind = text.kind.name
            byte = text.span.lowerBound
            self.text =
                body.getSlice(at: body.readerIndex + text.span.lowerBound, length: text.span.count)
                .map { String(buffer: $0) } ?? ""
            moved = text.isMoved
        }
    }

    var blocks: [Row]
    var commonTokens: Int64
    var tokensA: Int64
    var tokensB: Int64
    var parting: Parting?
    var model: String
    var volatile: [Volatile]
    /// What B's input costs more than if all of A were read from a cache; nil: the model has no built-in price.
    var lostUSD: String?

    init(_ comparison: PrefixComparison, model: String, price: Price?, volatile: [Volatile]) {
        self.volatile = volatile
        blocks = comparison.rows.enumerated().map { place, row in
            Row(
                block: place, kind: (row.second ?? row.first)?.kind.name ?? "", tokensA: row.first?.estimatedTokens,
                tokensB: row.second?.estimatedTokens, same: row.isSame)
        }
        commonTokens = comparison.commonTokens
        tokensA = comparison.firstTokens
        tokensB = comparison.secondTokens
        parting = comparison.parting.map {
            Parting(
                block: $0.row, kind: $0.kind.name, byteA: $0.firstOffset, byteB: $0.secondOffset,
                excerptA: $0.firstExcerpt, excerptB: $0.secondExcerpt)
        }
        self.model = model
        guard let price else { return }
        var missed = TokenUsage()
        missed.cacheRead = parting == nil ? 0 : max(0, min(tokensA, tokensB) - commonTokens)
        lostUSD = CostEngine.cacheSaving(of: missed, at: price).decimalText
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    var text: String {
        var lines = ["block  kind           tokens A  tokens B"]
        for row in blocks {
            let mark = row.same ? "same" : row.block == parting?.block ? "DIFFERENT" : ""
            lines.append(
                Self.padded("\(row.block)", 7) + Self.padded(row.kind, 15) + Self.padded(Self.count(row.tokensA), 10)
                    + Self.padded(Self.count(row.tokensB), 10) + mark)
        }
        lines.append("")
        if let parting {
            lines.append("They part in block \(parting.block) (\(parting.kind)), byte \(parting.byteA) of A, \(parting.byteB) of B:")
            lines.append("  A: …\(parting.excerptA)…")
            lines.append("  B: …\(parting.excerptB)…")
            lines.append("A cache that A filled serves about \(commonTokens) of B's \(tokensB) tokens.")
        } else {
            lines.append("Neither parts from the other: a cache that A filled serves B as far as A went.")
        }
        for text in volatile {
            let end = text.moved ? "moved behind the last question." : "what follows it is not read again; `--arrange full` moves it."
            lines.append("B's instructions hold a \(text.kind) at byte \(text.byte), '\(text.text)': \(end)")
        }
        if let lostUSD, parting != nil {
            lines.append("Reading all of A from the cache would have saved another \(lostUSD) USD (\(model), list price).")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func count(_ tokens: Int64?) -> String { tokens.map(String.init) ?? "–" }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
