internal import FoundationEssentials
internal import NIOCore
internal import Pipeline
internal import Wire

/// A request with all that makes an answer its answer: who asks, for what, in which words, read how.
///
/// Twins are requests of one tenant (a user, whichever of their keys) to one endpoint for one model, with the same headers
/// for vendors, whose bodies leave the stages as the same bytes. What only steers where a call goes (a session's name) does
/// not tell them apart. Of files in a body nothing is evened out: multipart bodies are twins only byte for byte, boundary
/// included.
package final class TwinRequest: Sendable {
    private let tenant: UUID
    private let snapshot: GatewaySnapshot
    private let head: RequestHead
    private let prepared: PreparedRequest
    private let body: ByteBuffer
    /// Equal for twins; what is not a twin may have it too.
    let key: UInt64

    init(tenant: UUID, snapshot: GatewaySnapshot, head: RequestHead, prepared: PreparedRequest, body: ByteBuffer) {
        self.tenant = tenant
        self.snapshot = snapshot
        self.head = head
        self.prepared = prepared
        self.body = body
        var hasher = Hasher()
        hasher.combine(tenant)
        hasher.combine(prepared.fullHash)
        hasher.combine(prepared.modelName)
        hasher.combine(head.path)
        key = UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Compares everything: the key is no proof. Another snapshot may mean another price, target or rule, so its requests are
    /// no twins.
    func isTwin(of other: TwinRequest) -> Bool {
        tenant == other.tenant && snapshot === other.snapshot && head.endpoint == other.head.endpoint
            && prepared.modelName == other.prepared.modelName && prepared.isStream == other.prepared.isStream
            && headers == other.headers && head.detail?.path == other.head.detail?.path
            && head.detail?.contentType == other.head.detail?.contentType && hasBody(of: other)
    }

    private var headers: ClientHeaders { head.detail?.headers ?? ClientHeaders() }

    /// The same bytes came, or the stages make the same of them.
    private func hasBody(of other: TwinRequest) -> Bool {
        if body == other.body { return prepared.fullHash == other.prepared.fullHash }
        guard !prepared.edits.isEmpty || !other.prepared.edits.isEmpty else { return false }
        return leavingBody == other.leavingBody
    }

    private var leavingBody: ByteBuffer {
        var buffer = ByteBuffer()
        body.withUnsafeReadableBytes { prepared.edits.apply(to: $0, into: &buffer) }
        return buffer
    }

    /// Gives `take` all that `isTwin` compares but the snapshot, piece by piece; two requests give the same only if they are
    /// twins. Of use between instances, which share a configuration but no snapshot.
    func spell(_ take: (UnsafeRawBufferPointer) -> Void) {
        func spell(_ text: String?) {
            withUnsafeBytes(of: Int64(text?.utf8.count ?? -1).bigEndian, take)
            if var text { text.withUTF8 { take(UnsafeRawBufferPointer($0)) } }
        }
        withUnsafeBytes(of: tenant.uuid, take)
        let headers = headers
        for text in [
            head.path, prepared.modelName, headers.anthropicVersion, headers.anthropicBeta, headers.openAIBeta,
            head.detail?.contentType, head.detail?.path.map { "\($0.isAnswerArray)" },
        ] {
            spell(text)
        }
        for piece in prepared.edits.pieces(of: body) { piece.withUnsafeReadableBytes(take) }
    }
}
