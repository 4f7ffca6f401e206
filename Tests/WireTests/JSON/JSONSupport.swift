@testable import Wire

extension JSONIndex {
    /// Indexes bytes that are only needed while `body` runs.
    mutating func read<Result>(_ bytes: [UInt8], _ body: (JSONIndex, UnsafeRawBufferPointer) throws -> Result) throws
        -> Result
    {
        try bytes.withUnsafeBytes { raw in
            try read(raw)
            return try body(self, raw)
        }
    }
}

/// Why `bytes` are refused; nil when they are read.
func refusal(of bytes: [UInt8], limits: JSONLimits = .init()) -> JSONError? {
    var index = JSONIndex(limits: limits)
    return bytes.withUnsafeBytes { raw in
        do throws(JSONError) {
            try index.read(raw)
            return nil
        } catch {
            return error
        }
    }
}

func refusal(of text: String, limits: JSONLimits = .init()) -> JSONError? {
    refusal(of: Array(text.utf8), limits: limits)
}

/// Indexes `text` and asks it something.
func indexed<Result>(_ text: String, _ body: (JSONIndex, UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    var index = JSONIndex()
    return try index.read(Array(text.utf8), body)
}
