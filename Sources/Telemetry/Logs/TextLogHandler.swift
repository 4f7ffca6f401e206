package import Logging

/// Writes each log event as one line for people: time, level, logger, message, then `name=value` pairs.
package struct TextLogHandler: LogHandler {
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
        let level = event.level.rawValue.uppercased()
        let padding = String(repeating: " ", count: max(8 - level.count, 0))
        var line =
            "\(UTCTime.text(microseconds: now())) \(level)\(padding) \(label): \(Self.oneLine(event.message.description))"
        for (name, value) in LogMetadata.flattened(
            [metadata, metadataProvider?.get(), event.metadata], error: event.error)
        {
            line += " \(Self.oneLine(name))=\(Self.oneLine(value))"
        }
        sink.send(line)
    }

    /// Control characters are written as Swift would, so that a message cannot fake a second line or move the cursor.
    private static func oneLine(_ text: String) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var line = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) { line += scalar.escaped(asASCII: false) } else { line.unicodeScalars.append(scalar) }
        }
        return line
    }
}
