internal import Metering
internal import NIOCore
internal import Wire

/// What an answer used: the vendor's word, or our estimate where it gave none.
struct CompletedUsage: Sendable {
    var usage: TokenUsage
    var isEstimated: Bool
    /// The vendor's own usage object, as it came.
    var vendorText: String?

    static let nothing = CompletedUsage(usage: TokenUsage(), isEstimated: false, vendorText: nil)

    /// A vendor's usage object past it is not kept.
    private static let maximumVendorTextBytes = 4_096

    init(usage: TokenUsage, isEstimated: Bool, vendorText: String?) {
        self.usage = usage
        self.isEstimated = isEstimated
        self.vendorText = vendorText
    }

    /// - Parameters:
    ///   - reported: nil or malformed: the estimates count.
    ///   - vendorText: the usage object's bytes.
    init(reported: ReportedUsage?, vendorText: ByteBufferView?, estimatedInput: Int64, estimatedOutput: Int64) {
        if let reported, let usage = TokenUsage(reported) {
            self.usage = usage
            isEstimated = false
        } else {
            usage = TokenUsage()
            usage.uncachedInput = max(0, estimatedInput)
            usage.visibleOutput = max(0, estimatedOutput)
            isEstimated = true
        }
        if let vendorText, vendorText.count <= Self.maximumVendorTextBytes {
            self.vendorText = String(decoding: vendorText, as: UTF8.self)
        }
    }
}

extension TokenUsage {
    /// nil: the vendor's counts make no sense.
    init?(_ reported: ReportedUsage) {
        guard !reported.isMalformed, let prompt = reported.prompt else { return nil }
        self.init(
            openAIPrompt: prompt, completion: reported.completion ?? 0, cached: reported.cached ?? 0,
            cacheWrite: reported.cacheWrite ?? 0, cacheWriteLong: reported.cacheWriteLong ?? 0,
            reasoning: reported.reasoning ?? 0)
    }
}
