package import Pipeline

/// What a head says that plain Chat Completions do without. A class, so that a head stays small.
package final class RequestDetail: Sendable {
    /// What the path says, in forms that name the model there.
    package struct Path: Sendable, Equatable {
        package var parameters: PathParameters
        /// The client wants its stream as one JSON array: it is given the whole answer in one.
        package var isAnswerArray: Bool
    }

    /// What errors are written in and models are listed in.
    package let form: RequestForm
    package let path: Path?
    package let headers: ClientHeaders
    /// Of a body that may be other than JSON.
    package let contentType: String?

    package init(
        form: RequestForm, path: Path? = nil, headers: ClientHeaders = ClientHeaders(), contentType: String? = nil
    ) {
        self.form = form
        self.path = path
        self.headers = headers
        self.contentType = contentType
    }

    /// What a request's head comes to besides its endpoint; nil: nothing, and its form is OpenAI's.
    ///
    /// - Parameters:
    ///   - path: as it came, without its query.
    ///   - headers: the client's fields for vendors; nil: it sent none.
    ///   - hasGoogleKey: the key came in `x-goog-api-key`.
    package static func of(
        endpoint: Endpoint, path: UnsafeRawBufferPointer, query: () -> String?, contentType: () -> String?,
        headers: ClientHeaders?, hasGoogleKey: Bool
    ) -> RequestDetail? {
        switch endpoint {
        case .request(.operation):
            return RequestDetail(form: .openAIChat, headers: headers ?? ClientHeaders(), contentType: contentType())
        case .request(let kind) where kind.form == .geminiGenerate:
            return RequestDetail(
                form: .geminiGenerate, path: GeminiPath(path)?.parameters(query: query()),
                headers: headers ?? ClientHeaders())
        case .request(let kind):
            guard headers != nil || kind.form != .openAIChat else { return nil }
            return RequestDetail(form: kind.form, headers: headers ?? ClientHeaders())
        case .models, .model, .notBuilt, .unknown, .health, .ready:
            let text = String(decoding: path.prefix(16), as: UTF8.self)
            if text.hasPrefix("/v1beta/") || hasGoogleKey { return RequestDetail(form: .geminiGenerate) }
            let isAnthropic = text.hasPrefix("/v1/messages") || headers?.anthropicVersion != nil
            return isAnthropic ? RequestDetail(form: .anthropicMessages) : nil
        }
    }
}
