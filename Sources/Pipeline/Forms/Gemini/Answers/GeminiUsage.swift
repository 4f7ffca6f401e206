import Wire

/// The form's counts (package google-genai 3.4.0, types.UsageMetadata, read 2026-11): the prompt includes what came from a
/// cache, tools' prompts come beside it, and thoughts beside the candidates unless the total says that they are in them.
/// Counts of zero may be left out.
enum GeminiUsage {
    /// nil: it is no object.
    static func read(_ usage: JSONView) -> ReportedUsage? {
        guard usage.isObject else { return nil }
        var reported = ReportedUsage()
        reported.span = usage.span
        func count(_ value: JSONView?) -> Int64? {
            guard let value else { return nil }
            // Far more than there are, and small enough that a few of them add up.
            guard let number = value.int64, number >= 0, number < 1 << 60 else {
                reported.isMalformed = true
                return nil
            }
            return number
        }
        let prompt = count(usage["promptTokenCount"]) ?? 0
        let tools = count(usage["toolUsePromptTokenCount"]) ?? 0
        let candidates = count(usage["candidatesTokenCount"]) ?? 0
        let thoughts = count(usage["thoughtsTokenCount"])
        let total = count(usage["totalTokenCount"])
        let cached = count(usage["cachedContentTokenCount"])
        let promptAudio = count(audio(usage["promptTokensDetails"]))
        let completionAudio = count(audio(usage["candidatesTokensDetails"]))
        guard !reported.isMalformed else { return reported }
        reported.prompt = prompt + tools
        let isWithin = total == prompt + candidates + tools
        let completion = candidates + (isWithin ? 0 : thoughts ?? 0)
        reported.completion = completion
        reported.reasoning = thoughts.map { min($0, completion) }
        reported.total = total
        reported.cached = cached
        reported.promptAudio = promptAudio
        reported.completionAudio = completionAudio
        return reported
    }

    /// The tokens of sound among the counts of each kind.
    private static func audio(_ details: JSONView?) -> JSONView? {
        guard let details else { return nil }
        for node in details.index.elements(of: details.node) {
            let detail = details.at(node)
            if detail["modality"]?.means("AUDIO") == true { return detail["tokenCount"] }
        }
        return nil
    }

    static func write(_ usage: ReportedUsage, to object: inout JSONWriter) {
        let prompt = max(0, usage.prompt ?? 0)
        let completion = max(0, usage.completion ?? 0)
        let thoughts = min(max(0, usage.reasoning ?? 0), completion)
        object.member("promptTokenCount", prompt)
        if let cached = usage.cached, cached > 0 { object.member("cachedContentTokenCount", cached) }
        object.member("candidatesTokenCount", completion - thoughts)
        if thoughts > 0 { object.member("thoughtsTokenCount", thoughts) }
        let (total, isTooMuch) = prompt.addingReportingOverflow(completion)
        object.member("totalTokenCount", isTooMuch ? Int64.max : total)
        writeAudio("promptTokensDetails", usage.promptAudio, of: prompt, to: &object)
        writeAudio("candidatesTokensDetails", usage.completionAudio, of: completion - thoughts, to: &object)
    }

    private static func writeAudio(
        _ name: StaticString, _ audio: Int64?, of total: Int64, to object: inout JSONWriter
    ) {
        guard let audio, audio > 0, audio <= total else { return }
        object.array(name) { list in
            for (modality, count): (StaticString, Int64) in [("\"AUDIO\"", audio), ("\"TEXT\"", total - audio)]
            where count > 0 {
                list.object { detail in
                    detail.member("modality", raw: modality)
                    detail.member("tokenCount", count)
                }
            }
        }
    }
}
