package import NIOCore

/// A request of an operation, read: what the gateway acts on, and how the model's name is changed in it.
package struct OperationRequest: Sendable, Equatable {
    /// How the body says which model it wants.
    package enum ModelPlace: Sendable, Equatable {
        /// A JSON value: a string with its quotes, or null.
        case json(Range<Int>)
        /// A form field's content: plain text, no quotes.
        case text(Range<Int>)
        /// Not at all. A member is put at the offset, which is behind the body's opening brace; another follows it always.
        case absent(afterBrace: Int)
    }

    package let operation: Operation
    package let view: PromptView
    package let modelPlace: ModelPlace
    /// What the answer will be where it is no stream.
    package let answerFormat: Operation.AnswerFormat

    /// How the body is written.
    package var requestFormat: Operation.RequestFormat {
        switch modelPlace {
        case .json, .absent: .json
        case .text: .multipart
        }
    }

    /// Reads a request's body.
    ///
    /// - Parameters:
    ///   - contentType: the field's value as it came; nil: there is none.
    ///   - index: scratch; holds a JSON body's index afterwards.
    package static func read(
        _ body: ByteBuffer, operation: Operation, contentType: String?, index: inout JSONIndex
    ) throws(RequestError) -> OperationRequest {
        try body.withUnsafeReadableBytes { bytes throws(RequestError) in
            switch operation.requestFormat(contentType: contentType) {
            case .json:
                do throws(JSONError) {
                    try index.read(bytes)
                } catch {
                    throw RequestError(error)
                }
                return try read(bytes, operation: operation, index: index)
            case .multipart:
                let form: MultipartIndex
                do throws(MultipartError) {
                    form = try MultipartIndex(bytes, boundary: try .of(contentType: contentType ?? ""))
                } catch {
                    throw RequestError(error)
                }
                return try read(bytes, operation: operation, form: form)
            }
        }
    }

    /// Reads a JSON body that `index` must have read last.
    package static func read(
        _ bytes: UnsafeRawBufferPointer, operation: Operation, index: JSONIndex
    ) throws(RequestError) -> OperationRequest {
        var reader = OperationReader(bytes, index: index, operation: operation)
        return try reader.read()
    }

    /// Reads a form's body that `form` was made of.
    package static func read(
        _ bytes: UnsafeRawBufferPointer, operation: Operation, form: MultipartIndex
    ) throws(RequestError) -> OperationRequest {
        try OperationFormReader(bytes, form: form, operation: operation).read()
    }

    /// Puts the name that a vendor knows the model by in place of the client's. Nothing else in the body changes.
    ///
    /// - Parameter model: without control characters where the body is a form: they could end the field.
    package func setModel(_ model: String, in edits: inout JSONEdits) throws(JSONEditError) {
        // A request that names none is not left to the vendor's own choice.
        guard model != view.model || view.modelValue == nil else { return }
        switch modelPlace {
        case .json(let span):
            var writer = JSONWriter()
            writer.string(model)
            try edits.replace(span: span, with: writer.buffer)
        case .text(let span):
            try edits.replace(span: span, with: model.utf8.filter { $0 >= 0x20 })
        case .absent(let afterBrace):
            var writer = JSONWriter()
            writer.string(model)
            var member = ByteBuffer(staticString: #""model":"#)
            member.writeImmutableBuffer(writer.buffer)
            member.writeInteger(JSONByte.comma)
            try edits.insert(at: afterBrace, member)
        }
    }
}
