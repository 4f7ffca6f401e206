package import NIOCore
package import Wire

/// What happens to a request between the client's bytes and the upstream's, stage by stage.
///
/// ```
/// Inbound ─▶ Chunker ─▶ Arranger ─▶ Canonicalizer ─▶ PrefixHasher      once for a request
/// CacheInjector ─▶ Outbound                                            once for each attempt
/// ```
/// Between the two lie Dedup and Route, behind them the Proxy: they wait for others, so they are the gateway's. Each stage
/// takes what the one before returns, so no order but this one compiles. Stages are values and do no I/O; the body's bytes
/// are never copied, what changes is said by edits.
package struct PromptPipeline: Sendable {
    package let options: PipelineOptions

    package init(options: PipelineOptions) {
        self.options = options
    }

    /// The Inbound stage, before it is known which model's options apply: reads `body` into `index` and checks it.
    ///
    /// - Parameters:
    ///   - path: what the path says, in forms that name the model there; nil in the others.
    ///   - contentType: the client's, where a body may be other than JSON.
    ///   - index: scratch; holds the body's index afterwards.
    package static func read(
        _ body: ByteBuffer, kind: RequestKind, path: PathParameters? = nil, contentType: String? = nil,
        index: inout JSONIndex
    ) throws(PipelineError) -> InboundRequest {
        try Inbound(kind: kind, path: path, contentType: contentType).read(body, index: &index)
    }

    /// The stages from the Chunker to the PrefixHasher.
    ///
    /// - Parameters:
    ///   - body: the bytes that `inbound` was read from.
    ///   - index: what `read` made of them; nothing of it is kept.
    ///   - anchors: where this caller's histories were cut before; nil: nothing is remembered.
    ///   - tools: what earlier requests taught; of any client, under any options.
    package func prepare(
        _ inbound: InboundRequest, body: ByteBuffer, index: JSONIndex, anchors: CutAnchors? = nil, tools: inout ToolMemory
    ) throws(PipelineError) -> PreparedRequest {
        body.withUnsafeReadableBytes { bytes in
            let source = PromptSource(bytes, index: index, kind: inbound.kind)
            do throws(JSONEditError) {
                let chunked = Chunker.chunk(inbound, source)
                let arranged = try Arranger(options).arrange(chunked, source, anchors: anchors, memory: tools)
                let canonical = try Canonicalizer(options).canonicalize(arranged, source, memory: &tools)
                return PrefixHasher.hash(canonical, source)
            } catch {
                // Two stages want to change one place: the prompt is good as it came.
                let chunked = Chunker.chunk(inbound, source)
                return PrefixHasher.hash(CanonicalRequest(ArrangedRequest(chunked)), source)
            }
        }
    }

    /// Inbound and all that follows it, at once, with nothing remembered.
    package func prepare(
        body: ByteBuffer, kind: RequestKind, path: PathParameters? = nil, anchors: CutAnchors? = nil,
        index: inout JSONIndex
    ) throws(PipelineError) -> PreparedRequest {
        let inbound = try Self.read(body, kind: kind, path: path, index: &index)
        var tools = ToolMemory(maximumBytes: 0)
        return try prepare(inbound, body: body, index: index, anchors: anchors, tools: &tools)
    }

    /// The stages of one attempt: what to change in `body` for `target`.
    ///
    /// - Parameters:
    ///   - body: the bytes that `prepared` was made from.
    ///   - index: scratch.
    package func render(
        _ prepared: PreparedRequest, body: ByteBuffer, for target: OutboundTarget, context: RenderContext,
        index: inout JSONIndex
    ) throws(PipelineError) -> RenderedRequest {
        let route = try Outbound.route(prepared, body: body, to: target)
        let marked = CacheInjector(options).inject(prepared, body: body, on: route, for: target, context: context)
        return try Outbound(options).render(marked, body: body, for: target, context: context, index: &index)
    }
}
