import NIOCore
import Testing
import Wire

/// A form's body, line by line.
func formBody(_ lines: String...) -> String { lines.joined(separator: "\r\n") }

/// One field of a form with boundary `b`.
func formField(_ name: String, _ value: String) -> String {
    "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
}

/// One file of a form with boundary `b`.
func formFile(_ name: String, _ content: String, filename: String = "a.bin") -> String {
    "--b\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(filename)\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n\(content)\r\n"
}

/// The parts of a form, told as texts.
struct ToldPart: Equatable, CustomStringConvertible {
    var name: String
    var filename: String?
    var content: String

    init(_ name: String, _ content: String, filename: String? = nil) {
        self.name = name
        self.content = content
        self.filename = filename
    }

    var description: String { "\(name)(\(filename ?? "-"))=\(content)" }
}

func formParts(
    _ body: String, boundary: String = "b", limits: MultipartLimits = .init()
) throws(MultipartError) -> [ToldPart] {
    try formParts(ByteBuffer(string: body), boundary: boundary, limits: limits)
}

func formParts(
    _ body: ByteBuffer, boundary: String = "b", limits: MultipartLimits = .init()
) throws(MultipartError) -> [ToldPart] {
    guard let boundary = MultipartBoundary(Array(boundary.utf8)) else { throw .badBoundary }
    return try body.withUnsafeReadableBytes { bytes throws(MultipartError) in
        let index = try MultipartIndex(bytes, boundary: boundary, limits: limits)
        let text = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
        return index.parts.map { ToldPart(text($0.name), text($0.content), filename: $0.filename.map(text)) }
    }
}
