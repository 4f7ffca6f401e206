import Wire

/// An arranged request with what is to be spelled otherwise.
struct CanonicalRequest {
    var arranged: ArrangedRequest
    /// The Arranger's edits and the Canonicalizer's.
    var edits: JSONEdits
}

/// Gives tool schemas one byte form for one meaning.
///
/// Respells nothing yet: it adds no edit to the Arranger's.
struct Canonicalizer {
    init(_ options: PipelineOptions) {}

    func canonicalize(_ arranged: consuming ArrangedRequest) -> CanonicalRequest {
        let edits = arranged.edits
        return CanonicalRequest(arranged: arranged, edits: edits)
    }
}
