package import NIOCore

/// Cuts a stream of bytes into server-sent events as WHATWG HTML 9.2 reads them (LF, CRLF and CR; read 2026-11), giving the
/// same events however the bytes were cut on their way.
///
/// Buffers that hold whole events are sliced, not copied; the bytes of an event that arrives in pieces are copied once.
/// `append` what came, then take `next` until it is nil; when the stream has ended, take `finish` until it is nil.
/// A blank line that ends with a bare carriage return is known to be whole only with the byte after it: such an event comes
/// with that byte, or from `finish`.
package struct SSEDecoder: Sendable {
    /// What has come and was not handed out; its first byte is where the scan's offsets begin.
    private var pending = ByteBuffer()
    private var scan = SSEScan(isStreamStart: true)
    /// Nothing else refers to `pending`'s memory, and its event is the first in it: more may be written behind it.
    private var isGathering = false
    private var hasFailed = false

    /// Bytes an event may have, its blank line included.
    package let maximumEventBytes: Int

    package init(maximumEventBytes: Int = 8 << 20) {
        self.maximumEventBytes = maximumEventBytes
    }

    /// Adds bytes of the stream, in their order. Nothing is added after an error.
    package mutating func append(_ buffer: ByteBuffer) {
        guard buffer.readableBytes > 0, !hasFailed else { return }
        if pending.readableBytes == 0 {
            pending = buffer
            isGathering = false
        } else if isGathering {
            pending.writeImmutableBuffer(buffer)
        } else {
            // Memory of its own: behind the leftover there is no room, or what others hold.
            var gathered = ByteBuffer()
            gathered.reserveCapacity(pending.readableBytes &+ buffer.readableBytes)
            gathered.writeImmutableBuffer(pending)
            gathered.writeImmutableBuffer(buffer)
            pending = gathered
            isGathering = true
        }
    }

    /// The next whole event; nil when more bytes are needed.
    package mutating func next() throws(SSEError) -> SSEEvent? {
        guard !hasFailed else { throw .eventTooLarge }
        return try next(isEnd: false)
    }

    /// What is left when no byte will follow: whole events first, then one the blank line is missing from (a last
    /// `data: [DONE]` often lacks it); nil when nothing, or nothing but blank lines, is left.
    package mutating func finish() -> SSEEvent? {
        guard !hasFailed, pending.readableBytes > 0 else { return nil }
        do throws(SSEError) {
            if let event = try next(isEnd: true) { return event }
        } catch {
            return nil
        }
        scan.takeRest(in: pending)
        let hasBegun = scan.hasBegun
        let event = take(upTo: pending.readableBytes, isTerminated: false)
        return hasBegun ? event : nil
    }

    private mutating func next(isEnd: Bool) throws(SSEError) -> SSEEvent? {
        switch scan.advance(in: pending, isEnd: isEnd) {
        case .event(let end):
            try check(end &- scan.start)
            return take(upTo: end, isTerminated: true)
        case .needsMore:
            dropBlankLines()
            try check(pending.readableBytes)
            return nil
        }
    }

    private mutating func check(_ size: Int) throws(SSEError) {
        guard size > maximumEventBytes else { return }
        hasFailed = true
        pending = ByteBuffer()
        throw .eventTooLarge
    }

    /// Blank lines between events are not kept for the event to come: a stream of nothing else stays small.
    private mutating func dropBlankLines() {
        guard scan.start > 0 else { return }
        pending.moveReaderIndex(forwardBy: min(scan.start, pending.readableBytes))
        scan.rebase(by: scan.start)
        isGathering = false
    }

    /// Hands out the event that ends at `end` and begins the next one behind it.
    private mutating func take(upTo end: Int, isTerminated: Bool) -> SSEEvent? {
        let origin = pending.readerIndex
        let finished = scan
        defer {
            pending.moveReaderIndex(forwardBy: min(end, pending.readableBytes))
            scan = SSEScan(isStreamStart: false)
            isGathering = false
        }
        guard let raw = pending.getSlice(at: origin &+ finished.start, length: end &- finished.start) else {
            return nil
        }
        let data =
            finished.dataLines > 1
            ? joined(raw, from: finished.byteOrderMark)
            : pending.getSlice(at: origin &+ finished.data.lowerBound, length: finished.data.count)
        let name =
            finished.name.isEmpty
            ? nil : pending.getSlice(at: origin &+ finished.name.lowerBound, length: finished.name.count)
        return SSEEvent(
            name: name, data: data ?? ByteBuffer(), raw: raw, isComment: finished.dataLines == 0,
            isTerminated: isTerminated)
    }

    /// The values of the event's `data` lines from `start` on, joined by line feeds.
    private func joined(_ raw: ByteBuffer, from start: Int) -> ByteBuffer {
        var result = ByteBuffer()
        result.reserveCapacity(raw.readableBytes)
        raw.withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var isFirst = true
            var lineStart = start
            while lineStart < bytes.count {
                let lineEnd = SSEScan.lineEnd(base, from: lineStart, count: bytes.count)
                if let value = SSELine.value(of: .data, base, lineStart..<lineEnd) {
                    if !isFirst { result.writeInteger(UInt8(ascii: "\n")) }
                    isFirst = false
                    result.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[value]))
                }
                // The line feed of a pair begins an empty line here, which says nothing.
                lineStart = lineEnd &+ 1
            }
        }
        return result
    }
}

extension SSEScan {
    fileprivate mutating func advance(in buffer: ByteBuffer, isEnd: Bool) -> Outcome {
        buffer.withUnsafeReadableBytes { advance($0, isEnd: isEnd) }
    }

    fileprivate mutating func takeRest(in buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { takeRest($0) }
    }
}
