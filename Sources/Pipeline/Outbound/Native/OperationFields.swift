package import NIOCore
package import Wire

/// The fields of an operation's request, of JSON or of a form: what it takes to say them in other words.
package struct OperationFields: Sendable {
    /// A field that is no file; JSON's nulls are not there.
    package struct Field: Sendable {
        package enum Value: Sendable, Equatable {
            case json(JSONFragment)
            /// A form's, UTF-8.
            case text(String)
        }

        package let name: String
        package let value: Value

        /// A string, in either format; nil for any other kind.
        package var text: JSONText? {
            switch value {
            case .json(let fragment): fragment.text
            case .text(let text): JSONText(text)
            }
        }

        /// The value as JSON has it; a form's text that spells a whole number or a truth is one.
        package var fragment: JSONFragment {
            switch value {
            case .json(let fragment): fragment
            case .text("true"): JSONFragment(trusted: ByteBuffer(staticString: "true"), kind: .true)
            case .text("false"): JSONFragment(trusted: ByteBuffer(staticString: "false"), kind: .false)
            case .text(let text):
                Int64(text).map(JSONFragment.integer) ?? JSONFragment(kind: .string) { $0.string(text) }
            }
        }

        /// Whether it is the string `expected`.
        package func means(_ expected: StaticString) -> Bool { text?.means(expected) ?? false }
    }

    /// A file of a form.
    package struct File: Sendable {
        package let name: String
        /// A slice of the client's body.
        package let bytes: ByteBuffer
        /// As the client's form says it; nil: it does not.
        package let mediaType: String?
    }

    /// In the order of the body.
    package private(set) var fields: [Field] = []
    package private(set) var files: [File] = []

    /// The first field of that name.
    package subscript(_ name: String) -> Field? { fields.first { $0.name == name } }

    /// - Parameters:
    ///   - body: what `request` was read from.
    ///   - contentType: the client's, which a form's boundary stands in.
    ///   - index: scratch.
    init(
        _ body: ByteBuffer, of request: OperationRequest, contentType: String?, index: inout JSONIndex
    ) throws(ConversationError) {
        switch request.requestFormat {
        case .json:
            guard let root = JSONView(body, index: &index) else { throw .unreadable }
            fields = root.members.map { Field(name: $0.name, value: .json($0.value.fragment)) }
        case .multipart: try readForm(body, contentType: contentType ?? "")
        }
    }

    private mutating func readForm(_ body: ByteBuffer, contentType: String) throws(ConversationError) {
        let parts: [MultipartPart]
        do throws(MultipartError) {
            parts = try body.withUnsafeReadableBytes { bytes throws(MultipartError) in
                try MultipartIndex(bytes, boundary: try .of(contentType: contentType)).parts
            }
        } catch {
            throw .unreadable
        }
        for part in parts {
            let name = text(part.name, of: body)
            if part.filename != nil {
                files.append(
                    File(
                        name: name, bytes: slice(part.content, of: body),
                        mediaType: part.contentType.map { text($0, of: body) }))
            } else {
                fields.append(Field(name: name, value: .text(text(part.content, of: body))))
            }
        }
    }

    private func slice(_ range: Range<Int>, of body: ByteBuffer) -> ByteBuffer {
        body.getSlice(at: body.readerIndex &+ range.lowerBound, length: range.count) ?? ByteBuffer()
    }

    private func text(_ range: Range<Int>, of body: ByteBuffer) -> String {
        String(buffer: slice(range, of: body))
    }
}

extension ConversationError {
    /// What was read once cannot be read again: it never comes to that.
    fileprivate static let unreadable = ConversationError("The request cannot be read in this model's words.")
}
