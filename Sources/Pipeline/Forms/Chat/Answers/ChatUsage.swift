import Wire

/// The form's counts, which are the neutral ones.
enum ChatUsage {
    /// With hits and misses, where a vendor counts so, made one prompt. nil: no object, or one that counts nothing.
    static func read(_ usage: Int, _ nodes: ChatNodes) -> ReportedUsage? {
        guard let reported = ReportedUsage(usage, in: nodes.bytes, index: nodes.index) else { return nil }
        let resolved = reported.resolved(.hitsAndMisses)
        return resolved.saysSomething || resolved.isMalformed ? resolved : nil
    }

    static func write(_ usage: ReportedUsage, to object: inout JSONWriter) {
        let prompt = usage.prompt ?? 0
        let completion = usage.completion ?? 0
        let (total, overflow) = prompt.addingReportingOverflow(completion)
        object.member("prompt_tokens", prompt)
        object.member("completion_tokens", completion)
        object.member("total_tokens", overflow ? .max : total)
        object.object("prompt_tokens_details") { details in
            details.member("cached_tokens", usage.cached ?? 0)
            if let written = usage.cacheWrite, written > 0 { details.member("cache_write_tokens", written) }
            details.member("audio_tokens", ifPresent: usage.promptAudio)
        }
        object.object("completion_tokens_details") { details in
            details.member("reasoning_tokens", usage.reasoning ?? 0)
            details.member("audio_tokens", ifPresent: usage.completionAudio)
        }
    }
}

extension ReportedUsage {
    /// What went in or what came out is counted.
    var saysSomething: Bool { prompt != nil || completion != nil }
}
