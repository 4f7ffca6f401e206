internal import Metering
internal import NIOCore
internal import Pipeline

/// An answer as instances hand it to each other: a version, then each member in turn, lengths before texts, numbers with the
/// most significant byte first.
extension TwinAnswer {
    /// Another number when the bytes below change: an instance that does not know it asks for itself.
    private static let version: UInt8 = 1

    package var bytes: [UInt8] {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(body.readableBytes + 512)
        buffer.writeInteger(Self.version)
        buffer.write(text: origin.provider)
        buffer.write(text: origin.upstreamModel)
        buffer.write(text: origin.label.model)
        buffer.write(text: origin.label.provider)
        switch contentType {
        case .json, .eventStream: buffer.write(text: nil)
        case .other(let type): buffer.write(text: type)
        }
        buffer.write(texts: fidelity.dropped)
        buffer.write(texts: fidelity.rewritten)
        buffer.write(completed)
        buffer.writeImmutableBuffer(body)
        return Array(buffer.readableBytesView)
    }

    /// nil: the bytes are of another version, or damaged.
    package convenience init?(bytes: [UInt8]) {
        var buffer = ByteBuffer(bytes: bytes)
        guard buffer.readInteger(as: UInt8.self) == Self.version,
            let provider = buffer.readText() ?? nil, let upstreamModel = buffer.readText() ?? nil,
            let labelModel = buffer.readText() ?? nil, let labelProvider = buffer.readText() ?? nil,
            let type = buffer.readText(), let dropped = buffer.readTexts(), let rewritten = buffer.readTexts(),
            let completed = buffer.readUsage()
        else { return nil }
        var fidelity = FidelityReport()
        for name in dropped { fidelity.drop(name) }
        for name in rewritten { fidelity.rewrite(name) }
        self.init(
            origin: TwinOrigin(
                provider: provider, upstreamModel: upstreamModel,
                label: CandidateLabel(model: labelModel, provider: labelProvider)),
            contentType: type.map { .other($0) } ?? .json, fidelity: fidelity, vendorLimits: nil, completed: completed,
            body: buffer)
    }
}

extension ByteBuffer {
    /// Stands for nil where a length should be.
    private static let absent = UInt32.max

    fileprivate mutating func write(text: String?) {
        guard let text else {
            writeInteger(Self.absent)
            return
        }
        writeInteger(UInt32(clamping: text.utf8.count))
        writeString(text)
    }

    /// nil: the bytes end too early; a nil within: a text that is absent.
    fileprivate mutating func readText() -> String?? {
        guard let length = readInteger(as: UInt32.self) else { return nil }
        if length == Self.absent { return .some(nil) }
        guard let text = readString(length: Int(length)) else { return nil }
        return .some(text)
    }

    fileprivate mutating func write(texts: [String]) {
        writeInteger(UInt32(clamping: texts.count))
        for text in texts { write(text: text) }
    }

    fileprivate mutating func readTexts() -> [String]? {
        guard let count = readInteger(as: UInt32.self) else { return nil }
        var texts: [String] = []
        for _ in 0..<count {
            guard let text = readText() ?? nil else { return nil }
            texts.append(text)
        }
        return texts
    }

    private static var tokenCounts: [WritableKeyPath<TokenUsage, Int64>] {
        [
            \.uncachedInput, \.cacheRead, \.cacheWrite5m, \.cacheWrite1h, \.visibleOutput, \.reasoning, \.audio,
            \.image,
        ]
    }

    fileprivate mutating func write(_ completed: CompletedUsage) {
        writeInteger(completed.isEstimated ? 1 : 0 as UInt8)
        write(text: completed.vendorText)
        for count in Self.tokenCounts { writeInteger(completed.usage[keyPath: count]) }
    }

    /// nil: the bytes end too early, or a count is below zero.
    fileprivate mutating func readUsage() -> CompletedUsage? {
        guard let isEstimated = readInteger(as: UInt8.self), let vendorText = readText() else { return nil }
        var usage = TokenUsage()
        for count in Self.tokenCounts {
            guard let tokens = readInteger(as: Int64.self), tokens >= 0 else { return nil }
            usage[keyPath: count] = tokens
        }
        return CompletedUsage(usage: usage, isEstimated: isEstimated != 0, vendorText: vendorText)
    }
}
