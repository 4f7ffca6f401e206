package import Wire

/// Texts to be turned into vectors, in no vendor's form.
package struct EmbeddingRequest: Sendable, Equatable {
    /// How the client wants the vectors.
    package enum AnswerShape: Sendable, Equatable {
        /// OpenAI's list; `isBase64`: each vector as base64 of little-endian 32-bit floats.
        case openAI(isBase64: Bool)
        /// Gemini's `:embedContent`: one vector for one text.
        case geminiSingle
        /// Gemini's `:batchEmbedContents`.
        case geminiBatch
    }

    package var shape: AnswerShape
    /// What the client asks for by name.
    package var model: String
    /// In order, one at least, none empty: each becomes a vector.
    package var inputs: [JSONText]
    /// Numbers in a vector; ≥ 1; nil: the model's own.
    package var dimensions: Int64?
    /// What the vectors are for, as Gemini spells it (`RETRIEVAL_QUERY`); other vendors' requests have none.
    package var taskType: JSONText?
    /// The title of the document the text is of; Gemini alone has it.
    package var title: JSONText?
    package var userID: JSONText?
    /// Members that have no place above, in order: every writer drops and reports them.
    package var others: [OtherField] = []

    package init(shape: AnswerShape, model: String, inputs: [JSONText]) {
        self.shape = shape
        self.model = model
        self.inputs = inputs
    }
}

/// What a vendor made of an `EmbeddingRequest`.
package struct EmbeddingAnswer: Sendable, Equatable {
    /// Arrays of numbers as the vendor wrote them, in the order of the inputs.
    package var vectors: [JSONFragment]
    /// nil: the vendor did not say (Gemini's older models).
    package var usage: ReportedUsage?
    /// As the vendor names it; nil: it does not.
    package var model: JSONText?

    package init(vectors: [JSONFragment], usage: ReportedUsage? = nil, model: JSONText? = nil) {
        self.vectors = vectors
        self.usage = usage
        self.model = model
    }
}
