import Wire

/// The form's counts (package google-genai 3.4.0, types.UsageMetadata, read 2026-11): the prompt includes what came from a
/// cache, tools' prompts come beside it, and thoughts beside the candidates unless the total says that they are in them.
enum GeminiUsage {
    static func read(_ usage: JSONView) -> ReportedUsage? {
        guard usage.isObject else { return nil }
        var reported = ReportedUsage()
        reported.span = usage.span
        func count(_ name: StaticString) -> Int64? {
            guard let value = usage[name] else { return nil }
            guard let number = value.int64, number >= 0, number < 1 << 60 else {
                reported.isMalformed = true
                return nil
            }
            return number
        }
        let prompt = count("promptTokenCount")
        let tools = count("toolUsePromptTokenCount") ?? 0
        let candidates = count("candidatesTokenCount")
        let thoughts = count("thoughtsTokenCount")
        let total = count("totalTokenCount")
        reported.cached = count("cachedContentTokenCount")
        guard !reported.isMalformed else { return reported }
        reported.prompt = (prompt ?? 0) + tools
        let isWithin = total == (prompt ?? 0) + (candidates ?? 0) + tools
        reported.completion = (candidates ?? 0) + (isWithin ? 0 : thoughts ?? 0)
        reported.reasoning = thoughts
        reported.total = total
        return reported
    }

    static func write(_ usage: ReportedUsage, to object: inout JSONWriter) {
        let prompt = usage.prompt ?? 0
        let completion = usage.completion ?? 0
        let thoughts = min(max(0, usage.reasoning ?? 0), completion)
        object.member("promptTokenCount", prompt)
        if let cached = usage.cached, cached > 0 { object.member("cachedContentTokenCount", cached) }
        object.member("candidatesTokenCount", completion - thoughts)
        if thoughts > 0 { object.member("thoughtsTokenCount", thoughts) }
        object.member("totalTokenCount", prompt.addingReportingOverflow(completion).partialValue)
    }
}
