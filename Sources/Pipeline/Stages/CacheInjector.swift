import Wire

/// A prepared request with its target's cache marks.
struct MarkedRequest {
    var prepared: PreparedRequest
    /// The prepared request's edits and the marks'.
    var edits: JSONEdits
}

/// Marks where a vendor shall cache, by that vendor's rules.
///
/// Marks nothing yet: the client's own marks pass as they are, whatever `cache` says.
struct CacheInjector {
    let marks: PipelineOptions.CacheMarks

    init(_ options: PipelineOptions) {
        marks = options.cache
    }

    func inject(_ prepared: PreparedRequest, for target: OutboundTarget) -> MarkedRequest {
        switch marks {
        case .auto, .off, .client: MarkedRequest(prepared: prepared, edits: prepared.edits)
        }
    }
}
