package import NIOCore
package import Wire

/// OpenAI's operations at a vendor that has them in words of its own.
package protocol NativeOperations: Sendable {
    /// What it has.
    var operations: Set<Operation> { get }

    /// Puts a request for one of `operations` into the vendor's words.
    ///
    /// - Parameter index: scratch.
    /// - Throws: what the client must mend, or what this vendor cannot be told at all.
    func write(_ request: NativeRequest, index: inout JSONIndex) throws(ConversationError) -> NativeCall

    /// Tells a whole answer in OpenAI's words.
    ///
    /// - Parameters:
    ///   - body: a body that came with status 200, whole.
    ///   - index: scratch.
    func read(
        _ body: ByteBuffer, _ translation: NativeTranslation, index: inout JSONIndex
    ) throws(AnswerError) -> AnswerSummary

    /// What tells the stream of such a request; nil: the operation has none, and `write` refuses requests for one.
    func stream(_ translation: NativeTranslation) -> (any NativeStream)?
}

/// Tells one stream in OpenAI's words, from its first event to its last.
package protocol NativeStream: Sendable {
    /// The last usage the vendor reported; nil: none yet, or none in tokens.
    var usage: ReportedUsage? { get }
    /// The vendor's last usage object as it came.
    var usageText: ByteBuffer? { get }

    /// Takes the next event; `done` is the vendor's own end, without which the stream is not whole.
    mutating func read(_ event: SSEEvent, index: inout JSONIndex) -> StreamStep
}

/// A client's request on its way to a vendor's own words.
package struct NativeRequest: Sendable {
    package let operation: Operation
    /// The client wants events.
    package let isStream: Bool
    package let fields: OperationFields
    package let target: OutboundTarget
}

/// A request in a vendor's own words.
package struct NativeCall: Sendable {
    /// From the host's root; begins with a slash.
    package var path: String
    package var body: ByteBuffer
    /// Header fields that it needs besides the provider's own; names in lower case.
    package var headers: [(name: String, value: String)] = []
    /// The answer comes as events, whether the client wants them or not.
    package var asksForEvents = false
    package var report = FidelityReport()
}

/// What it takes to tell a vendor's own answer in OpenAI's words. A class, because attempts hand it about.
package final class NativeTranslation: Sendable {
    let vendor: any NativeOperations
    let operation: Operation
    let fields: OperationFields
    let upstreamModel: String
    /// Seconds since 1970 when the request came.
    let createdSeconds: Int64
    let estimatedInputTokens: Int64

    init(
        vendor: any NativeOperations, operation: Operation, fields: OperationFields, upstreamModel: String,
        createdSeconds: Int64, estimatedInputTokens: Int64
    ) {
        self.vendor = vendor
        self.operation = operation
        self.fields = fields
        self.upstreamModel = upstreamModel
        self.createdSeconds = createdSeconds
        self.estimatedInputTokens = estimatedInputTokens
    }
}
