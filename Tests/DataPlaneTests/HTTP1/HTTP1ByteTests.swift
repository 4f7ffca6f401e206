import DataPlane
import Testing

/// Each of the 256 bytes, in each place where some are allowed, against the grammar written another way.
struct HTTP1ByteTests {
    private static let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let token = Set(rawBytes(letters + "0123456789!#$%&'*+-.^_`|~"))
    private static let method = token.subtracting(rawBytes("abcdefghijklmnopqrstuvwxyz"))
    private static let host = Set(rawBytes(letters + "0123456789-._~%\t "))
    private static let value = Set<UInt8>(0x20...0x7E).union(0x80...0xFF).union([0x09])
    private static let target = Set<UInt8>(0x21...0x7E).subtracting(rawBytes("#"))
    private static let digits = Set(rawBytes("0123456789"))
    private static let hexadecimal = Set(rawBytes("0123456789abcdefABCDEF"))

    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let allowed: Set<UInt8>
        let before: String
        let after: String
    }

    static let places: [Place] = [
        Place(testDescription: "method", allowed: method, before: "G", after: "T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Place(testDescription: "target", allowed: target, before: "GET /", after: "b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Place(
            testDescription: "name", allowed: token.union(rawBytes(":")), before: "GET / HTTP/1.1\r\nHost: a\r\nX",
            after: "Y: b\r\n\r\n"),
        Place(
            testDescription: "value", allowed: value, before: "GET / HTTP/1.1\r\nHost: a\r\nX: a", after: "b\r\n\r\n"),
        Place(
            testDescription: "value of 16 bytes", allowed: value, before: "GET / HTTP/1.1\r\nHost: a\r\nX: 0123456",
            after: "89abcdef\r\n\r\n"),
        Place(
            testDescription: "first of a value", allowed: value, before: "GET / HTTP/1.1\r\nHost: a\r\nX:",
            after: "01234567\r\n\r\n"),
        Place(
            testDescription: "last of a value", allowed: value, before: "GET / HTTP/1.1\r\nHost: a\r\nX: 01234567",
            after: "\r\n\r\n"),
        Place(testDescription: "Host", allowed: host, before: "GET / HTTP/1.1\r\nHost: ", after: "b\r\n\r\n"),
        Place(
            testDescription: "port", allowed: digits, before: "GET / HTTP/1.1\r\nHost: a:1", after: "1\r\n\r\n"),
        Place(
            testDescription: "address", allowed: hexadecimal.union(rawBytes(":.")),
            before: "GET / HTTP/1.1\r\nHost: [:", after: ":]\r\n\r\n"),
        Place(
            testDescription: "length", allowed: digits, before: "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1",
            after: "1\r\n\r\n"),
        Place(
            testDescription: "chunk size", allowed: hexadecimal,
            before: "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1", after: "0\r\n"),
    ]

    @Test(arguments: places)
    func everyByteIsAllowedOrNot(_ place: Place) {
        for byte in UInt8.min...UInt8.max {
            let transcript = RequestTranscript(rawBytes(place.before) + [byte] + rawBytes(place.after))
            #expect((transcript.error == nil) == place.allowed.contains(byte), "byte \(byte)")
        }
    }

    /// Names are compared a word at a time, so a byte that differs by little must tell at every place.
    @Test(
        arguments: [
            "Host", "Expect", "Connection", "Content-Length", "Transfer-Encoding", "Authorization", "X-Api-Key",
            "X-TokenRouter-No-Cache",
        ])
    func nameWithOneByteChangedIsAnother(_ name: String) {
        let good = rawBytes(name)
        for at in good.indices {
            for byte in Self.token where byte | 0x20 != good[at] | 0x20 {
                var other = good
                other[at] = byte
                // No once-only field, no framing: twice with a useless value, it changes nothing.
                let field = other + rawBytes(": {\r\n")
                let text = rawBytes("GET / HTTP/1.1\r\nHost: a\r\n") + field + field + rawBytes("\r\n")
                let transcript = RequestTranscript(text)
                let isRefusedAlias = ["content_length", "transfer_encoding"].contains(
                    String(decoding: other, as: UTF8.self).lowercased())
                #expect((transcript.error == nil) == !isRefusedAlias, "\(String(decoding: other, as: UTF8.self))")
            }
        }
    }
}
