internal import Synchronization

/// Every metric of the process, and the page that Prometheus reads.
///
/// Label sets are bounded: past `maximumSeries` different ones of a metric, all further ones are counted as `other`,
/// so that a client who makes names up cannot fill memory.
package final class MetricsRegistry: Sendable {
    /// The number of different label sets a metric keeps apart.
    package static let maximumSeries = 2_000
    static let overflowLabel = "other"

    struct Pair: Hashable {
        var first: String
        var second: String
    }

    /// What exists at one moment; the counters inside are shared and go on counting.
    struct Series {
        var exchanges: [Pair: ExchangeMetrics] = [:]
        var models: [String: ModelMetrics] = [:]
        var providers: [String: ProviderMetrics] = [:]
        /// By provider and error type.
        var providerErrors: [Pair: Int64] = [:]
        /// By plan, in percent.
        var quotaUsage: [String: Double] = [:]
        /// nil: there is none.
        var isSharedStateUp: Bool?
    }

    private let series = Mutex(Series())
    private let overhead = Histogram(bounds: Histogram.overheadBounds)

    package init() {}

    /// The counters of a model and a provider, made when they are first asked for.
    ///
    /// Takes a lock: ask when a configuration is made ready, not for each request.
    package func exchange(model: String, provider: String) -> ExchangeMetrics {
        series.withLock { series in
            var pair = Pair(first: model, second: provider)
            if let known = series.exchanges[pair] { return known }
            if series.exchanges.count >= Self.maximumSeries {
                pair = Pair(first: Self.overflowLabel, second: Self.overflowLabel)
                if let known = series.exchanges[pair] { return known }
            }
            let made = ExchangeMetrics(
                model: Self.model(pair.first, in: &series), provider: Self.provider(pair.second, in: &series),
                overhead: overhead)
            series.exchanges[pair] = made
            return made
        }
    }

    /// Counts one failed call to a vendor; `errorType` is a short word of a bounded set (`timeout`, `http_500`…).
    package func providerErrors(provider: String, errorType: String) {
        series.withLock { series in
            var pair = Pair(first: provider, second: errorType)
            if series.providerErrors[pair] == nil, series.providerErrors.count >= Self.maximumSeries {
                pair = Pair(first: Self.overflowLabel, second: Self.overflowLabel)
            }
            series.providerErrors[pair, default: 0] &+= 1
        }
    }

    /// Counts one request that was answered from a twin's answer.
    package func dedupHits(model: String) {
        series.withLock { Self.model(model, in: &$0) }.addDedupHit()
    }

    /// Counts one request that waited for its twin's answer as long as one waits, and went alone.
    package func dedupWaitTimeouts(model: String) {
        series.withLock { Self.model(model, in: &$0) }.addDedupWaitTimeout()
    }

    /// Sets how much of its quota a plan has used, in percent; what is not a finite number is ignored.
    package func setQuotaUsage(plan: String, percent: Double) {
        guard percent.isFinite else { return }
        series.withLock { series in
            let isKnown = series.quotaUsage[plan] != nil
            let label = isKnown || series.quotaUsage.count < Self.maximumSeries ? plan : Self.overflowLabel
            series.quotaUsage[label] = percent
        }
    }

    /// Tells whether the server of what instances share is there; until it is first told, the process has none.
    package func setSharedStateUp(_ isUp: Bool) {
        series.withLock { $0.isSharedStateUp = isUp }
    }

    /// The metrics page, in Prometheus' text format 0.0.4; series are sorted by their labels.
    package func render() -> String {
        MetricsPage(series: series.withLock { $0 }, overhead: overhead).text
    }

    private static func model(_ name: String, in series: inout Series) -> ModelMetrics {
        if let known = series.models[name] { return known }
        let label = series.models.count < maximumSeries ? name : overflowLabel
        if let known = series.models[label] { return known }
        let made = ModelMetrics()
        series.models[label] = made
        return made
    }

    private static func provider(_ name: String, in series: inout Series) -> ProviderMetrics {
        if let known = series.providers[name] { return known }
        let label = series.providers.count < maximumSeries ? name : overflowLabel
        if let known = series.providers[label] { return known }
        let made = ProviderMetrics()
        series.providers[label] = made
        return made
    }
}
