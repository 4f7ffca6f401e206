/// A second opinion on what a stream says: slow, whole, a line at a time, written from WHATWG HTML 9.2.6.
enum ReferenceSSE {
    struct Event: Equatable, CustomStringConvertible {
        var name: [UInt8]?
        /// nil for a block without a `data` line.
        var data: [UInt8]?
        var isTerminated = true

        var description: String {
            let name = name.map { String(decoding: $0, as: UTF8.self) }
            let data = data.map { String(decoding: $0, as: UTF8.self) }
            return "\(name ?? "-"): \(data ?? "-")\(isTerminated ? "" : " (cut off)")"
        }
    }

    static func events(_ stream: [UInt8]) -> [Event] {
        var events: [Event] = []
        var block: [[UInt8]] = []
        for line in lines(stream.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(stream.dropFirst(3)) : stream) {
            if !line.isEmpty {
                block.append(line)
            } else if !block.isEmpty {
                events.append(event(block))
                block = []
            }
        }
        if !block.isEmpty {
            events.append(event(block))
            events[events.count - 1].isTerminated = false
        }
        return events
    }

    /// Lines without their endings; the bytes after the last ending only if there are any.
    private static func lines(_ stream: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        var at = 0
        while at < stream.count {
            switch stream[at] {
            case 0x0A:
                lines.append(line)
                line = []
            case 0x0D:
                lines.append(line)
                line = []
                if at + 1 < stream.count, stream[at + 1] == 0x0A { at += 1 }
            default: line.append(stream[at])
            }
            at += 1
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private static func event(_ lines: [[UInt8]]) -> Event {
        var event = Event()
        for line in lines {
            let field = Array(line.prefix { $0 != UInt8(ascii: ":") })
            var value = Array(line.dropFirst(field.count + 1))
            if value.first == UInt8(ascii: " ") { value.removeFirst() }
            switch String(decoding: field, as: UTF8.self) {
            case "data": event.data = event.data.map { $0 + [0x0A] + value } ?? value
            case "event": event.name = value.isEmpty ? nil : value
            default: break
            }
        }
        return event
    }
}
