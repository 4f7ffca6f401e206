extension PromptView {
    /// Reads a Responses request from `bytes`, which `index` must have read last. Linear in the members of the body, of its
    /// items and of their parts; what is deeper is skipped.
    ///
    /// Each item of `input` is a message: what the model said or did counts as the assistant's, what tools gave back as
    /// `tool`. Refuses what every server of the form would: a missing or mistyped field among those it knows, and a key
    /// that occurs twice. Refuses too what asks for state that a vendor keeps (`previous_response_id`, `conversation`,
    /// `background`): another key of the same model would not find it. `null` stands for an absent field.
    package init(responses bytes: UnsafeRawBufferPointer, index: JSONIndex) throws(RequestError) {
        var reader = ResponsesRequestReader(bytes, index: index)
        try reader.readMembers()
        self = try reader.view()
    }
}

extension RequestError {
    /// Why a Responses request that leans on a vendor's memory is refused; nil for any other field.
    ///
    /// - Parameter field: a member of the body, or an item's type.
    package static func stored(_ field: String) -> RequestError? {
        switch field {
        case "previous_response_id", "conversation":
            .invalid(
                param: field,
                message:
                    "'\(field)' is not supported: the gateway keeps no responses. Send the whole conversation in 'input'."
            )
        case "background":
            .invalid(
                param: field,
                message: "'background' is not supported: the gateway keeps no responses. Leave it out, or stream.")
        case "prompt":
            .invalid(
                param: field,
                message:
                    "'prompt' names a stored template, which this model's target cannot read. Send its text in 'input'."
            )
        case "item_reference":
            .invalid(
                param: "input",
                message:
                    "'input' has an item of type 'item_reference': the gateway keeps no items. Send the whole item.")
        default: nil
        }
    }
}
