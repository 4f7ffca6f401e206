import FoundationEssentials
import Metering

/// A place in the list of requests, newest first: behind the request it names. Clients take its text as it is.
struct RequestCursor: Equatable {
    var createdAtMicroseconds: Int64
    var id: UUID

    init(after record: UsageRecord) {
        createdAtMicroseconds = record.createdAtMicroseconds
        id = record.id
    }

    /// - Throws: `conflict(field: "after")` for a text that `text` never was.
    init(_ text: String) throws(StoreError) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let time = Int64(parts[0]), let id = UUID(uuidString: String(parts[1])) else {
            throw .conflict(field: "after")
        }
        createdAtMicroseconds = time
        self.id = id
        guard self.text.utf8.elementsEqual(text.utf8) else { throw .conflict(field: "after") }
    }

    var text: String { "\(createdAtMicroseconds).\(UUIDText.text(id))" }
}
