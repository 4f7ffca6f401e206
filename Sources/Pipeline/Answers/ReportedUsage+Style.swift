import NIOCore
import Wire

extension ReportedUsage {
    /// The counts as OpenAI would report them. Hits and misses, where both are given, are the prompt.
    func resolved(_ style: Dialect.UsageStyle) -> ReportedUsage {
        switch style {
        case .inclusive: return self
        case .hitsAndMisses:
            var usage = self
            usage.cached = cacheHit ?? cached
            if let cacheHit, let cacheMiss {
                let (sum, overflow) = cacheHit.addingReportingOverflow(cacheMiss)
                usage.prompt = overflow ? nil : sum
                usage.isMalformed = isMalformed || overflow
            }
            return usage
        }
    }

    /// The usage object's bytes in the text it was read from.
    func text(in body: ByteBuffer) -> ByteBuffer? {
        body.getSlice(at: body.readerIndex &+ span.lowerBound, length: span.count)
    }
}

extension ReportedUsage {
    /// What costs no tokens.
    static var nothing: ReportedUsage {
        var usage = ReportedUsage()
        usage.prompt = 0
        usage.completion = 0
        return usage
    }
}
