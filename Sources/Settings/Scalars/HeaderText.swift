/// The grammar of header fields (RFC 9110, section 5).
enum HeaderText {
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// No control characters, no blank at either end.
    static func isValue(_ text: String) -> Bool {
        let bytes = text.utf8
        return bytes.count <= 8192 && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && bytes.first != 0x20
            && bytes.last != 0x20
    }
}
