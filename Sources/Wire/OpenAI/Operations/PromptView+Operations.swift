/// Requests of operations: no messages, and what is worked on in `messagesValue`.
extension PromptView {
    /// Reads a request for embeddings from `bytes`, which `index` must have read last; `messagesValue` is the `input`.
    package init(embeddings bytes: UnsafeRawBufferPointer, index: JSONIndex) throws(RequestError) {
        self = try OperationRequest.read(bytes, operation: .embeddings, index: index).view
    }

    /// Reads a request for images; `messagesValue` is the `prompt`, `choices` how many are asked for.
    package init(imageGeneration bytes: UnsafeRawBufferPointer, index: JSONIndex) throws(RequestError) {
        self = try OperationRequest.read(bytes, operation: .imageGeneration, index: index).view
    }

    /// Reads a request for spoken text; `messagesValue` is the `input`. It streams events where `stream_format` is `sse`.
    package init(speech bytes: UnsafeRawBufferPointer, index: JSONIndex) throws(RequestError) {
        self = try OperationRequest.read(bytes, operation: .speech, index: index).view
    }

    /// Reads a request for moderation; `messagesValue` is the `input`. Without a model it is OpenAI's default, and
    /// `modelValue` is nil: `OperationRequest.setModel` knows where to put another.
    package init(moderation bytes: UnsafeRawBufferPointer, index: JSONIndex) throws(RequestError) {
        self = try OperationRequest.read(bytes, operation: .moderation, index: index).view
    }

    /// Reads a request to rank documents; `messagesValue` reaches from the first of `query` and `documents` to the end of
    /// the other.
    package init(rerank bytes: UnsafeRawBufferPointer, index: JSONIndex) throws(RequestError) {
        self = try OperationRequest.read(bytes, operation: .rerank, index: index).view
    }

    /// Reads a form that `form` was made of. `modelValue` is the field's plain text, no quotes around it: what takes its
    /// place is plain text too (`OperationRequest.setModel`). `messagesValue` is all parts, the files among them attachments.
    package init(
        multipart form: MultipartIndex, bytes: UnsafeRawBufferPointer, operation: Operation
    ) throws(RequestError) {
        self = try OperationRequest.read(bytes, operation: operation, form: form).view
    }
}
