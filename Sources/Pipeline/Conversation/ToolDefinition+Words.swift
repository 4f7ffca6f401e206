import NIOCore
import Wire

/// What a target's form has no place for, said in the tool's description.
extension ToolDefinition {
    /// The tool with the schema of its result in words.
    ///
    /// - Parameter form: the client's.
    func describingResult(of form: RequestForm, _ report: inout FidelityReport) -> ToolDefinition {
        guard let schema = resultSchema else { return self }
        var tool = self
        report.rewrite(form.functionField("responseJsonSchema"))
        tool.describe("What it gives back follows this JSON Schema: ", schema)
        tool.resultSchema = nil
        return tool
    }

    /// The tool for a target that has functions alone: a custom one becomes a function of one text, `input`, where
    /// `ToolArguments.object` puts free text and `CustomToolInput` takes it from.
    ///
    /// - Parameter form: the client's.
    func asFunction(of form: RequestForm, _ report: inout FidelityReport) -> ToolDefinition {
        guard case .custom(let format) = kind else { return self }
        var tool = self
        report.rewrite(.tools, of: form)
        tool.kind = .function(parameters: Self.oneText)
        if let format, !Self.isFreeText(format) { tool.describe("The input must be of this format: ", format) }
        return tool
    }

    private mutating func describe(_ what: JSONText, _ value: JSONFragment) {
        let words = what.joined(with: value.asText, separator: "")
        description = description.map { $0.joined(with: words, separator: "\\n\\n") } ?? words
    }

    private static let oneText = JSONFragment(
        trusted: ByteBuffer(
            staticString: #"{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}"#),
        kind: .object)

    private static func isFreeText(_ format: JSONFragment) -> Bool {
        var index = JSONIndex()
        return JSONView(format.bytes, index: &index)?["type"].map { $0.means("text") } ?? true
    }
}
