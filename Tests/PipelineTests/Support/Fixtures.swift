import FoundationEssentials
import NIOCore
import Pipeline
import Testing
import Wire

/// A recorded exchange: a folder `Tests/Fixtures/<client form>/<case>` of
///
/// - by hand: `request.json`; `target.json` (`kind`, `model`, `path-model` where the client's path names the model,
///   `follows` where the case is the next turn of another's conversation: that case's name,
///   and where it is no conversation `operation`, the path behind the version, and `base-path`, the base URL's);
///   `response.json` or `stream.sse`, what the vendor answers; `features.json`, a list of words for the table of what works
///   (`broken streams`: the stream is one, and must not look whole to the client);
/// - recorded, then read: `expected-path.txt` and `expected-upstream.json`, what the vendor must be sent;
///   `expected-client.json` or `.sse`, what the client must be given; `expected-usage.json`; `expected-fidelity.txt`.
///
/// Recorded files are written anew by a run with `TOKENROUTER_RECORD=1` in the environment.
struct Fixture: CustomTestStringConvertible, Sendable {
    let form: RequestForm
    let name: String
    private let folder: String

    var testDescription: String { name }
    var isStream: Bool { text("stream.sse") != nil }
    var isBrokenStream: Bool { text("features.json")?.contains("\"broken streams\"") == true }
    /// The case whose conversation goes on in this one.
    var earlier: Fixture? {
        guard let name = string("follows", of: "target.json") else { return nil }
        let parent = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let formName = self.name.prefix { $0 != "/" }
        return Fixture(form: form, name: "\(formName)/\(name)", folder: "\(parent)/\(name)")
    }

    static let isRecording = ProcessInfo.processInfo.environment["TOKENROUTER_RECORD"] == "1"

    static let folders: [(form: RequestForm, name: String)] = [
        (.openAIChat, "openai-chat"), (.openAIResponses, "openai-responses"),
        (.anthropicMessages, "anthropic-messages"), (.geminiGenerate, "gemini-generate"),
    ]

    /// Every case of every form, by name; without the forms whose folder is missing.
    static let all: [Fixture] = folders.flatMap { all(of: $0.name) }

    /// What OpenAI's form offers besides conversations, by name.
    static let operations: [Fixture] = all(of: "openai-operations", form: .openAIChat)

    /// One case for each stream there is: clients of all forms are told the same streams of vendors.
    static func distinctStreams(of fixtures: [Fixture]) -> [Fixture] {
        var seen: Set<String> = []
        return fixtures.filter { fixture in fixture.text("stream.sse").map { seen.insert($0).inserted } ?? false }
    }

    /// Every case of the form whose folder has this name.
    static func all(of folder: String) -> [Fixture] {
        guard let form = folders.first(where: { $0.name == folder })?.form else { return [] }
        return all(of: folder, form: form)
    }

    private static func all(of folder: String, form: RequestForm) -> [Fixture] {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let root = "\(tests)/Fixtures/\(folder)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().map { Fixture(form: form, name: "\(folder)/\($0)", folder: "\(root)/\($0)") }
    }

    /// A file's bytes as text; nil where the case has none of that name.
    func text(_ file: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(file)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// Holds `said` against a recorded file, or records it; one line's end at the file's end is the file's own.
    func expect(_ said: String, as file: String) throws {
        if Self.isRecording {
            let isEnded = file.hasSuffix(".sse") || said.hasSuffix("\n")
            try (isEnded ? said : said + "\n").write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
        } else {
            let expected = try #require(text(file), "\(name) has no \(file)")
            #expect(said == expected || said + "\n" == expected, "\(name)/\(file)")
        }
    }

    /// A member of a case's file of JSON: a string, or nil.
    func string(_ member: StaticString, of file: String) -> String? {
        guard let text = text(file) else { return nil }
        return ByteBuffer(string: text).withUnsafeReadableBytes { bytes in
            var index = JSONIndex()
            guard (try? index.read(bytes)) != nil, let node = index.member(member, of: 0, in: bytes) else { return nil }
            return index.string(node, in: bytes)
        }
    }

    /// What leaves for the vendor for `request`, which is the case's own or one made from it.
    func render(_ request: ByteBuffer) throws -> RenderedRequest {
        let kind = try #require(string("kind", of: "target.json"), "\(name) names no kind of vendor")
        let dialect = try #require(DialectRegistry.dialect(kind: kind), "\(name): no vendor of kind \(kind)")
        let model = try #require(string("model", of: "target.json"), "\(name) names no model")
        let path = string("path-model", of: "target.json").map { PathParameters(model: $0, isStream: isStream) }
        let pipeline = PromptPipeline(options: PipelineOptions())
        var index = JSONIndex()
        let operation = string("operation", of: "target.json").flatMap { Operation(path: $0) }
        let prepared = try pipeline.prepare(
            body: request, kind: operation.map { .operation($0) } ?? .conversation(form), path: path, index: &index)
        let basePath = string("base-path", of: "target.json") ?? "/v1"
        return try pipeline.render(
            prepared, body: request, for: OutboundTarget(dialect: dialect, model: model, basePath: basePath),
            context: RenderContext(idSeed: 0xF1, createdSeconds: 1_795_219_200), index: &index)
    }
}

/// A vendor's stream on its way to a client.
struct Relay {
    private enum Phase {
        case open
        /// The form's own end came.
        case ended
        /// The vendor failed, or said what its form does not allow; the client was told so.
        case failed
    }

    private var phase = Phase.open
    private var decoder = SSEDecoder()
    private var reader: StreamReader
    private var index = JSONIndex()
    private let form: RequestForm
    private(set) var client = ByteBuffer()

    init(_ route: AnswerRoute, form: RequestForm) {
        reader = StreamReader(route: route)
        self.form = form
    }

    var usage: ReportedUsage? { reader.usage }
    var hasFailed: Bool { phase == .failed }

    mutating func append(_ bytes: ByteBuffer) throws(SSEError) {
        decoder.append(bytes)
        while phase == .open, let event = try decoder.next() { take(event) }
    }

    /// The upstream's framing ended.
    mutating func finish() {
        if phase == .open, let event = decoder.finish() { take(event) }
        guard phase == .open else { return }
        if let tail = reader.finish() {
            client.writeImmutableBuffer(tail)
            phase = .ended
        } else {
            fail("The upstream closed the connection before its answer was whole.")
        }
    }

    private mutating func take(_ event: SSEEvent) {
        switch reader.read(event, index: &index) {
        case .forward(let bytes, _, _): client.writeImmutableBuffer(bytes)
        case .done(let tail):
            client.writeImmutableBuffer(tail)
            phase = .ended
        case .hide: break
        case .failed(let message): fail(message)
        case .malformed: fail("The upstream's answer was not a whole, valid answer.")
        }
    }

    /// In the gateway's words for an upstream that failed.
    private mutating func fail(_ message: String) {
        phase = .failed
        let error = ClientError(
            status: 502, type: "upstream_error", code: "upstream_error", message: message, requestID: "req_1")
        client.writeImmutableBuffer(reader.failureEvent(error, form: form))
    }
}
