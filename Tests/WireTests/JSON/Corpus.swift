import Glibc

/// The public test data beside the repository.
enum Corpus {
    /// A corpus that is not where it should be: the tests that need it fail with this.
    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "no test data at \(path)" }
    }

    /// `../shared/corpora` as seen from the package.
    static func path(_ name: String) -> String {
        let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(
            separator: "/")
        return package + "/../shared/corpora/" + name
    }

    /// Names and bytes of the files of a folder, by name; never empty.
    static func files(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
        let path = path(folder)
        guard let directory = opendir(path) else { throw Missing(path: path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        guard !names.isEmpty else { throw Missing(path: path) }
        return try names.sorted().map { ($0, try bytes(path + "/" + $0)) }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Missing(path: path) }
        defer { fclose(file) }
        var result: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&block, 1, block.count, file), count > 0 { result += block[..<count] }
        return result
    }
}
