import DataPlane
import NIOCore

/// What a parser made of bytes; the parts of a body are joined, so it is the same however the bytes are cut.
struct HTTP1Transcript<Head: HTTP1Head & Equatable>: Equatable {
    enum Entry: Equatable {
        case informational(Int)
        case head(Head)
        case body([UInt8])
        case end
    }

    var entries: [Entry] = []
    var error: HTTP1Error?
    /// Bytes no event took; 0 after an error.
    var unread = 0

    var hasEnd: Bool { entries.contains(.end) }

    var bodies: [UInt8] {
        entries.flatMap { entry -> [UInt8] in if case .body(let part) = entry { part } else { [] } }
    }

    mutating func append(body part: ByteBuffer) {
        guard case .body(var whole)? = entries.last else { return entries.append(.body(Array(part.readableBytesView))) }
        entries.removeLast()
        whole.append(contentsOf: part.readableBytesView)
        entries.append(.body(whole))
    }
}

typealias RequestTranscript = HTTP1Transcript<HTTP1RequestHead>
typealias ResponseTranscript = HTTP1Transcript<HTTP1ResponseHead>

extension RequestTranscript {
    /// - Parameter cuts: where the bytes are cut, ascending.
    init(_ bytes: [UInt8], cutAt cuts: [Int] = [], limits: HTTP1Limits = HTTP1Limits()) {
        var parser = HTTP1RequestParser(limits: limits)
        var buffer = ByteBuffer()
        do throws(HTTP1Error) {
            for piece in pieces(of: bytes, cutAt: cuts) {
                buffer.writeBytes(piece)
                while try take(parser.next(&buffer)) {}
            }
            unread = buffer.readableBytes
        } catch { self.error = error }
    }

    private mutating func take(_ event: HTTP1RequestParser.Event) -> Bool {
        switch event {
        case .needMore: return false
        case .head(let head): entries.append(.head(head))
        case .body(let part): append(body: part)
        case .end: entries.append(.end)
        }
        return true
    }
}

extension ResponseTranscript {
    /// - Parameter closes: the connection ends behind the bytes.
    init(
        _ bytes: [UInt8], cutAt cuts: [Int] = [], isTunnel: Bool = false, closes: Bool = false,
        limits: HTTP1Limits = HTTP1Limits()
    ) {
        var parser = HTTP1ResponseParser(limits: limits)
        if isTunnel { parser.expectTunnel() }
        var buffer = ByteBuffer()
        do throws(HTTP1Error) {
            for piece in pieces(of: bytes, cutAt: cuts) {
                buffer.writeBytes(piece)
                while try take(parser.next(&buffer)) {}
            }
            unread = buffer.readableBytes
            if closes, let event = try parser.connectionClosed() { _ = take(event) }
        } catch {
            unread = 0
            self.error = error
        }
    }

    private mutating func take(_ event: HTTP1ResponseParser.Event) -> Bool {
        switch event {
        case .needMore: return false
        case .informational(let status): entries.append(.informational(status))
        case .head(let head): entries.append(.head(head))
        case .body(let part): append(body: part)
        case .end: entries.append(.end)
        }
        return true
    }
}

private func pieces(of bytes: [UInt8], cutAt cuts: [Int]) -> [ArraySlice<UInt8>] {
    zip([0] + cuts, cuts + [bytes.count]).map { bytes[$0..<$1] }
}

/// Whole first, then byte by byte, then in two pieces at every place.
func everyCut(of bytes: [UInt8]) -> [[Int]] {
    [[], Array(1..<max(1, bytes.count))] + (0...bytes.count).map { [$0] }
}

/// Each scalar of the text as one byte, so that any byte can be written: those of U+0080…U+00FF too.
func rawBytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
}

/// A request with a Host, and these fields behind it.
func requestText(_ fields: String..., line: String = "POST / HTTP/1.1", body: String = "") -> String {
    ([line, "Host: a"] + fields).map { $0 + "\r\n" }.joined() + "\r\n" + body
}

/// A request whose chunked body is this.
func chunkedText(_ body: String) -> String {
    requestText("Transfer-Encoding: chunked", body: body)
}

func responseText(_ fields: String..., line: String = "HTTP/1.1 200 OK", body: String = "") -> String {
    ([line] + fields).map { $0 + "\r\n" }.joined() + "\r\n" + body
}
