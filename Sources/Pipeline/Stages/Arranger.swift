import Wire

/// A chunked request with what is to be moved.
struct ArrangedRequest {
    var chunked: ChunkedRequest
    var edits: JSONEdits
}

/// Puts what may stand anywhere into one order.
///
/// Moves nothing yet: every arrangement returns no edits.
struct Arranger {
    let arrangement: PipelineOptions.Arrangement

    init(_ options: PipelineOptions) {
        arrangement = options.arrange
    }

    func arrange(_ chunked: consuming ChunkedRequest) -> ArrangedRequest {
        switch arrangement {
        case .off, .safe, .full: ArrangedRequest(chunked: chunked, edits: JSONEdits())
        }
    }
}
