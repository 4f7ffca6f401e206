import NIOCore

/// Takes a body out of the bytes behind its head.
struct HTTP1BodyReader: Sendable {
    /// Trailers past it are refused; what they say is dropped.
    private static let maximumTrailerBytes = 8 * 1024
    /// A chunk-size line past it is refused: 16 digits and CRLF.
    private static let maximumSizeLineBytes = 18

    private enum State: Sendable, Equatable {
        case ended
        case length(remaining: Int)
        case untilClose
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers(seen: Int)
    }

    /// What a call gave.
    enum Step {
        case needMore
        case data(ByteBuffer)
        case end
    }

    private var state: State

    init(_ framing: HTTP1BodyFraming) {
        switch framing {
        case .none, .length(0): state = .ended
        case .length(let length): state = .length(remaining: length)
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
    }

    /// True where nothing is missing if the connection ends now.
    var mayEnd: Bool { state == .untilClose || state == .ended }

    mutating func next(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Step {
        while true {
            switch state {
            case .ended: return .end
            case .untilClose: return take(buffer.readableBytes, from: &buffer)
            case .length(let remaining):
                let count = min(remaining, buffer.readableBytes)
                guard count > 0 else { return .needMore }
                state = count == remaining ? .ended : .length(remaining: remaining - count)
                return take(count, from: &buffer)
            case .chunkSize:
                guard let size = try readSize(&buffer) else { return .needMore }
                state = size == 0 ? .trailers(seen: 0) : .chunkData(remaining: size)
            case .chunkData(let remaining):
                let count = min(remaining, buffer.readableBytes)
                guard count > 0 else { return .needMore }
                state = count == remaining ? .chunkEnd : .chunkData(remaining: remaining - count)
                return take(count, from: &buffer)
            case .chunkEnd:
                guard try readLineEnd(&buffer) else { return .needMore }
                state = .chunkSize
            case .trailers(let seen):
                guard let length = try readTrailer(&buffer, seen: seen) else { return .needMore }
                state = length == 0 ? .ended : .trailers(seen: seen + length)
            }
        }
    }

    private func take(_ count: Int, from buffer: inout ByteBuffer) -> Step {
        guard count > 0, let data = buffer.readSlice(length: count) else { return .needMore }
        return .data(data)
    }

    /// A chunk's size; nil while its line is not whole.
    private func readSize(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Int? {
        let (consumed, size) = try buffer.withUnsafeReadableBytes { bytes throws(HTTP1Error) -> (Int, Int) in
            var at = 0
            var size = 0
            while at < bytes.count, bytes[at] != 0x0D {
                guard at < Self.maximumSizeLineBytes - 2 else { throw .badChunkSize }
                let byte = bytes[at]
                if byte == UInt8(ascii: ";") { throw .chunkExtension }
                guard let digit = Self.hexadecimal(byte) else { throw byte == 0x0A ? .bareLineFeed : .badChunkSize }
                let (shifted, overflow) = size.multipliedReportingOverflow(by: 16)
                guard !overflow, shifted <= Int.max - digit else { throw .badChunkSize }
                size = shifted + digit
                at += 1
            }
            guard at < bytes.count else { return (0, 0) }
            guard at > 0 else { throw .badChunkSize }
            guard at + 1 < bytes.count else { return (0, 0) }
            guard bytes[at + 1] == 0x0A else { throw .bareCarriageReturn }
            return (at + 2, size)
        }
        guard consumed > 0 else { return nil }
        buffer.moveReaderIndex(forwardBy: consumed)
        return size
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    /// Takes CRLF; false while it is not whole.
    private func readLineEnd(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Bool {
        let isWhole = try buffer.withUnsafeReadableBytes { bytes throws(HTTP1Error) -> Bool in
            if bytes.count >= 1, bytes[0] != 0x0D { throw .badChunkEnd }
            guard bytes.count >= 2 else { return false }
            if bytes[1] != 0x0A { throw .badChunkEnd }
            return true
        }
        if isWhole { buffer.moveReaderIndex(forwardBy: 2) }
        return isWhole
    }

    /// Takes one trailer line; its length without CRLF, 0 for the blank line, nil while it is not whole.
    private func readTrailer(_ buffer: inout ByteBuffer, seen: Int) throws(HTTP1Error) -> Int? {
        let length = try buffer.withUnsafeReadableBytes { bytes throws(HTTP1Error) -> Int? in
            let feed = HTTP1Bytes.firstLineFeed(bytes, from: 0)
            let length = HTTP1Bytes.endOfText(bytes, 0..<(feed ?? bytes.count))
            if seen + length > Self.maximumTrailerBytes { throw .trailersTooLong }
            guard let feed else { return nil }
            guard length == feed - 1 else { throw .bareLineFeed }
            if length > 0 { try Self.checkTrailer(bytes) }
            return length
        }
        if let length { buffer.moveReaderIndex(forwardBy: length + 2) }
        return length
    }

    /// A trailer is dropped, but one that would frame or route a message is an attack.
    private static func checkTrailer(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Error) {
        let field: HTTP1Field
        do throws(HTTP1Error) { field = try HTTP1Field(bytes, at: 0) } catch { throw .badTrailer }
        for name: StaticString in ["content-length", "transfer-encoding", "host", "authorization", "content-type"]
        where HTTP1Bytes.equals(bytes, field.name, name) {
            throw .badTrailer
        }
    }
}
