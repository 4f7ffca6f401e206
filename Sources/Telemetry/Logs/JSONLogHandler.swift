package import Logging

/// Writes each log event as one JSON object on a line: `time`, `level`, `logger`, `message`, then the metadata, whose
/// nested dictionaries become dotted names. A metadata name that meets one of these four is written with a leading `_`.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let label: String
    private let sink: LineSink
    private let now: @Sendable () -> Int64

    /// - Parameter now: microseconds since 1970.
    package init(
        label: String, level: Logger.Level = .info, sink: LineSink = .standardError,
        now: @escaping @Sendable () -> Int64 = UTCTime.nowMicroseconds
    ) {
        self.label = label
        self.sink = sink
        self.now = now
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = JSONLine()
        line.add("time", UTCTime.text(microseconds: now()))
        line.add("level", event.level.rawValue)
        line.add("logger", label)
        line.add("message", event.message.description)
        for (name, value) in LogMetadata.flattened(
            [metadata, metadataProvider?.get(), event.metadata], error: event.error)
        {
            line.add(Self.ownNames.contains(name) ? "_\(name)" : name, value)
        }
        sink.send(line.finished)
    }

    private static let ownNames: Set<String> = ["time", "level", "logger", "message"]
}

/// One JSON object of strings, built from the left.
private struct JSONLine {
    private var text = "{"

    /// The object, closed.
    var finished: String { text + "}" }

    mutating func add(_ name: String, _ value: String) {
        if text.utf8.count > 1 { text += "," }
        append(name)
        text += ":"
        append(value)
    }

    private mutating func append(_ value: String) {
        text += "\""
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 < 0x7F }) {
            text += value
        } else {
            for scalar in value.unicodeScalars { append(scalar) }
        }
        text += "\""
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        default:
            // C0, DEL, C1 and the two separators that some line readers break at.
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            if isControl || scalar.value == 0x2028 || scalar.value == 0x2029 {
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }
}
