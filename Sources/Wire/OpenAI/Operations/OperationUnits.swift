/// What an operation used that is not counted in tokens, or is a part of a count with a price of its own; nil where the
/// answer did not say.
package struct OperationUnits: Sendable, Equatable {
    /// Tokens of images, of all input tokens: `input_tokens_details.image_tokens`.
    package var inputImageTokens: Int64?
    /// Tokens of images, of all output tokens: `output_tokens_details.image_tokens`.
    package var outputImageTokens: Int64?
    /// Tokens of the model that draws an SVG image, beside those of `usage`: `svg_usage.input_tokens`.
    package var svgInputTokens: Int64?
    /// `svg_usage.output_tokens`, reasoning included.
    package var svgOutputTokens: Int64?
    /// Ark's `generated_images`; DashScope's `image_count` or, of newer models, `output_image_count`.
    package var images: Int64?
    /// Sound, in milliseconds, rounded up: `usage.seconds` of models that are billed by time (`"type": "duration"`).
    package var soundMilliseconds: Int64?
    /// Cohere's `meta.billed_units.search_units`.
    package var searchUnits: Int64?
    /// Of a text that was spoken: DashScope's `characters`.
    package var characters: Int64?

    package init() {}
}
