/// Why bytes are not HTTP/1.1 as this gateway speaks it. Every case closes the connection.
package enum HTTP1Error: Error, Equatable, Sendable, CaseIterable {
    case startLineTooLong
    case headTooLong
    case tooManyHeaders
    case headerLineTooLong
    case bareLineFeed
    case bareCarriageReturn
    case badRequestLine
    case badMethod
    case badTarget
    case badVersion
    case unsupportedVersion
    case badStatusLine
    case foldedHeader
    case badHeaderName
    case badHeaderValue
    case duplicateHeader
    case missingHost
    case badHost
    case bothLengths
    case badContentLength
    case unexpectedBody
    case badTransferEncoding
    case badConnectionHeader
    case badExpectation
    case badChunkSize
    case chunkExtension
    case badChunkEnd
    case trailersTooLong
    case badTrailer
    case tooManyInformational
    case unexpectedUpgrade
    case truncated

    /// What a server answers before it closes.
    package var status: Int {
        switch self {
        case .startLineTooLong: 414
        case .headTooLong, .tooManyHeaders, .headerLineTooLong, .trailersTooLong: 431
        case .unsupportedVersion: 505
        case .badTransferEncoding: 501
        case .badExpectation: 417
        case .bareLineFeed, .bareCarriageReturn, .badRequestLine, .badMethod, .badTarget, .badVersion, .badStatusLine,
            .foldedHeader, .badHeaderName, .badHeaderValue, .duplicateHeader, .missingHost, .badHost, .bothLengths,
            .badContentLength, .unexpectedBody, .badConnectionHeader, .badChunkSize, .chunkExtension, .badChunkEnd,
            .badTrailer,
            .tooManyInformational, .unexpectedUpgrade, .truncated:
            400
        }
    }

    /// The same in a few words, for the answer's message.
    package var reason: StaticString {
        switch self {
        case .startLineTooLong: "the request line is too long"
        case .headTooLong: "the head is too long"
        case .tooManyHeaders: "there are too many header fields"
        case .headerLineTooLong: "a header field is too long"
        case .bareLineFeed: "a line ends with LF alone"
        case .bareCarriageReturn: "there is a CR without LF"
        case .badRequestLine: "the request line is not 'METHOD /path HTTP/1.1'"
        case .badMethod: "the method is malformed"
        case .badTarget: "the request target is not an absolute path"
        case .badVersion: "the version is malformed"
        case .unsupportedVersion: "the version is neither HTTP/1.1 nor HTTP/1.0"
        case .badStatusLine: "the status line is malformed"
        case .foldedHeader: "a header field goes on over a line's end"
        case .badHeaderName: "a header field's name is malformed"
        case .badHeaderValue: "a header field's value has a forbidden byte"
        case .duplicateHeader: "a header field that may come once comes twice"
        case .missingHost: "there is no Host field"
        case .badHost: "the Host field is malformed"
        case .bothLengths: "both Content-Length and Transfer-Encoding are given"
        case .unexpectedBody: "a body is announced where there is none"
        case .badContentLength: "Content-Length is not one decimal number"
        case .badTransferEncoding: "Transfer-Encoding is not 'chunked'"
        case .badConnectionHeader: "Connection names a field that frames the message"
        case .badExpectation: "Expect is not '100-continue'"
        case .badChunkSize: "a chunk's size is malformed"
        case .chunkExtension: "a chunk has an extension"
        case .badChunkEnd: "a chunk does not end with CRLF"
        case .trailersTooLong: "the trailers are too long"
        case .badTrailer: "a trailer field is malformed"
        case .tooManyInformational: "there are too many informational responses"
        case .unexpectedUpgrade: "the protocol was switched unasked"
        case .truncated: "the message ended early"
        }
    }
}

/// The bounds of a head, each allowed itself. A line's own CRLF does not count.
package struct HTTP1Limits: Sendable {
    package var maximumStartLineBytes = 8 * 1024
    package var maximumHeaderLineBytes = 16 * 1024
    /// Up to the blank line.
    package var maximumHeadBytes = 64 * 1024
    package var maximumHeaderCount = 100

    package init() {}
}
