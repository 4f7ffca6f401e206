import FoundationEssentials
import Logging
import Synchronization
import Telemetry
import Testing

/// Collects lines in place of standard error.
private final class Lines: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var sink: LineSink { LineSink { line in self.bytes.withLock { $0 += line } } }
    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}

/// 2026-11-21T04:31:07.250Z
private let moment: Int64 = 1_795_235_467_250_999

@Suite struct JSONLogHandlerTests {
    private let lines = Lines()

    private func logger(level: Logger.Level = .info) -> Logger {
        Logger(label: "gateway") { JSONLogHandler(label: $0, level: level, sink: lines.sink, now: { moment }) }
    }

    private func object() throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(lines.text.utf8))
    }

    @Test func aLineIsOneObjectInAFixedOrder() {
        logger().info("ready", metadata: ["port": "8080", "a": "\(1)"])
        #expect(
            lines.text
                == #"{"time":"2026-11-21T04:31:07.250Z","level":"info","logger":"gateway","message":"ready","a":"1","port":"8080"}"#
                + "\n")
    }

    @Test(arguments: [
        "line\nfeed", "carriage\rreturn", "tab\t", "quote\"", "back\\slash", "nul\u{0}", "bell\u{7}", "delete\u{7F}",
        "next line\u{85}", "separator\u{2028}", "模型 🙂", "\u{1B}[31mred", "",
    ])
    func anyTextStaysOnOneLineAndReadsBack(_ text: String) throws {
        logger().warning("\(text)", metadata: ["key \(text)": "\(text)"])
        #expect(lines.text.unicodeScalars.filter { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }.count == 1)
        #expect(lines.text.hasSuffix("}\n"))
        let object = try object()
        #expect(object["message"] == text)
        #expect(object["key \(text)"] == text)
    }

    @Test func nestedMetadataHasDottedNames() throws {
        logger().info(
            "m", metadata: ["http": ["status": .stringConvertible(502), "peer": ["port": "1"]], "tags": ["a", "b"]])
        let object = try object()
        #expect(object["http.status"] == "502")
        #expect(object["http.peer.port"] == "1")
        #expect(object["tags"] == "a,b")
    }

    @Test func metadataCannotReplaceTheOwnNames() throws {
        logger().info("true", metadata: ["message": "false", "level": "none"])
        let object = try object()
        #expect(object["message"] == "true")
        #expect(object["_message"] == "false")
        #expect(object["level"] == "info")
    }

    @Test func theEventsMetadataWinsOverTheLoggers() throws {
        var logger = logger()
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "b"] = "logger"
        logger.info("m", metadata: ["a": "event"])
        #expect(try object()["a"] == "event")
        #expect(try object()["b"] == "logger")
    }

    @Test func whatIsBelowTheLevelIsNotWritten() {
        let logger = logger(level: .warning)
        logger.info("quiet")
        #expect(lines.text.isEmpty)
        logger.error("loud")
        #expect(!lines.text.isEmpty)
    }

    @Test func aPersonsLineStaysOneLine() {
        let logger = Logger(label: "gateway") { TextLogHandler(label: $0, sink: lines.sink, now: { moment }) }
        logger.error("broken\npipe", metadata: ["peer": "a\u{1B}b"])
        #expect(lines.text == "2026-11-21T04:31:07.250Z ERROR    gateway: broken\\npipe peer=a\\u{1B}b\n")
    }

    @Test func theSetupChoosesTheHandler() {
        #expect(LogSetup.handler(label: "x", level: .debug, isJSON: true) is JSONLogHandler)
        #expect(LogSetup.handler(label: "x", level: .debug, isJSON: false) is TextLogHandler)
        #expect(LogSetup.handler(label: "x", level: .debug, isJSON: false).logLevel == .debug)
    }
}
