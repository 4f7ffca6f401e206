import FoundationEssentials
import NIOCore
import Testing
import Wire

/// The recorded exchanges under `Tests/Fixtures`, one folder each.
struct Fixture: CustomTestStringConvertible {
    let name: String
    private let folder: String

    var testDescription: String { name }

    /// Every case of a form, by name; empty where the folder is missing.
    static func all(of form: String) -> [Fixture] {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let root = "\(tests)/Fixtures/\(form)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().map { Fixture(name: $0, folder: "\(root)/\($0)") }
    }

    /// A file's bytes as text; nil where the case has none of that name.
    func text(_ file: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(file)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// A member of a case's file of JSON: a string, or nil.
    func string(_ member: StaticString, of file: String) -> String? {
        read(member, of: file) { index, node, bytes in index.string(node, in: bytes) }
    }

    /// A member of a case's file of JSON: a whole number, or nil.
    func number(_ member: StaticString, of file: String) -> Int64? {
        read(member, of: file) { index, node, bytes in index.int64(node, in: bytes) }
    }

    private func read<Value>(
        _ member: StaticString, of file: String, _ value: (JSONIndex, Int, UnsafeRawBufferPointer) -> Value?
    ) -> Value? {
        guard let text = text(file) else { return nil }
        return ByteBuffer(string: text).withUnsafeReadableBytes { bytes in
            var index = JSONIndex()
            guard (try? index.read(bytes)) != nil, let node = index.member(member, of: 0, in: bytes) else { return nil }
            return value(index, node, bytes)
        }
    }
}
