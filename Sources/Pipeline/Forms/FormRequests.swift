package import NIOCore

/// What a form that says so in its path says of a request.
package struct PathParameters: Sendable, Equatable {
    /// Percent-decoded; never empty.
    package var model: String
    package var isStream: Bool

    package init(model: String, isStream: Bool) {
        self.model = model
        self.isStream = isStream
    }
}

/// Where a conversation is written for.
package struct WritingTarget: Sendable {
    /// What the vendor is asked for.
    package var model: String
    package var traits: VendorTraits

    package init(model: String, traits: VendorTraits = VendorTraits()) {
        self.model = model
        self.traits = traits
    }
}

/// A conversation in a target's form.
package struct WrittenRequest: Sendable {
    /// The whole body, one JSON object: in the order of the form's prompt (tools, system, messages), the same bytes for the
    /// same conversation.
    package var body: ByteBuffer
    package var report: FidelityReport
    /// Header fields that this request needs besides the provider's own; names in lower case.
    package var headers: [(name: String, value: String)]

    package init(body: ByteBuffer, report: FidelityReport, headers: [(name: String, value: String)] = []) {
        self.body = body
        self.report = report
        self.headers = headers
    }
}
