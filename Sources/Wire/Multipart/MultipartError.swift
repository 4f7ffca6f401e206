/// Why a body is no multipart form that every parser would read alike.
package enum MultipartError: Error, Equatable {
    /// The content type is no `multipart/form-data`.
    case notMultipart
    /// The content type's `boundary` is missing, given twice, or not what RFC 2046 allows.
    case badBoundary
    /// The content type or a text part names a character set other than UTF-8.
    case charset
    /// The body does not begin with the boundary's line.
    case noOpeningBoundary
    /// The body ends before the closing boundary: it was cut short.
    case noFinalBoundary
    /// A line begins with the boundary but is none, or stands behind a bare line break. `at`: the offset of its first hyphen.
    case badBoundaryLine(at: Int)
    /// Something other than line breaks follows the closing boundary. `at`: its offset.
    case trailingBytes(at: Int)
    /// A part's head is not made of `name: value` lines that end with CRLF. `at`: the line's offset.
    case badHeader(at: Int)
    /// A part's head has more bytes or lines than `MultipartLimits` allow. `at`: the head's offset.
    case headTooLarge(at: Int)
    /// A part has no `Content-Disposition: form-data` with a `name`, or two parsers could read it differently. `at`: the
    /// head's offset.
    case badDisposition(at: Int)
    /// A part asks to be decoded (`Content-Transfer-Encoding: base64`). `at`: the line's offset.
    case encodedPart(at: Int)
    /// More parts than `MultipartLimits` allow.
    case tooManyParts
}

extension RequestError {
    /// What a client is told; no byte of its body is repeated.
    package init(_ error: MultipartError) {
        let message =
            switch error {
            case .notMultipart:
                "This endpoint takes a form. Send it as 'multipart/form-data'."
            case .badBoundary:
                "'content-type' must name one 'boundary' of 1 to 70 characters for 'multipart/form-data'."
            case .charset: "The form must be UTF-8. Leave 'charset' out."
            case .noOpeningBoundary:
                "The form must begin with the boundary that 'content-type' names, two hyphens before it."
            case .noFinalBoundary: "The form ends before its closing boundary: part of the body is missing."
            case .badBoundaryLine(let offset):
                "The line at byte \(offset) begins with the form's boundary but is none. Choose another boundary."
            case .trailingBytes(let offset): "Nothing may follow the form's closing boundary; byte \(offset) does."
            case .badHeader(let offset):
                "The line at byte \(offset) is no header of a form's part. Write 'name: value' and end it with CRLF."
            case .headTooLarge(let offset): "The headers of the form's part at byte \(offset) are too many or too long."
            case .badDisposition(let offset):
                "The form's part at byte \(offset) needs one 'Content-Disposition: form-data' with one plain, quoted 'name'."
            case .encodedPart(let offset):
                "The part's 'Content-Transfer-Encoding' at byte \(offset) cannot be taken. Send its bytes as they are."
            case .tooManyParts: "The form has too many parts."
            }
        self = .invalid(param: nil, message: message)
    }
}
