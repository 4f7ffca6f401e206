/// The metrics page: every metric's help and type, then its series.
///
/// Format: https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4, read 2026-10).
struct MetricsPage {
    private let series: MetricsRegistry.Series
    private let overhead: Histogram
    private let exchanges: [(labels: [(String, String)], metrics: ExchangeMetrics)]
    private let models: [(name: String, metrics: ModelMetrics)]
    private let providers: [(name: String, metrics: ProviderMetrics)]

    init(series: MetricsRegistry.Series, overhead: Histogram) {
        self.series = series
        self.overhead = overhead
        exchanges = series.exchanges.sorted { Self.isBefore($0.key, $1.key) }.map { pair, metrics in
            ([("model", pair.first), ("provider", pair.second)], metrics)
        }
        models = series.models.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        providers = series.providers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func isBefore(_ left: MetricsRegistry.Pair, _ right: MetricsRegistry.Pair) -> Bool {
        (left.first, left.second) < (right.first, right.second)
    }

    /// The whole page; ends with a line feed.
    var text: String {
        var page = PrometheusText()
        writeExchanges(to: &page)
        writeModels(to: &page)
        writeProviders(to: &page)
        page.begin("tokenrouter_quota_usage_percent", .gauge, "Share of a plan's quota that is used, in percent.")
        for (plan, percent) in series.quotaUsage.sorted(by: { $0.key < $1.key }) {
            page.sample("tokenrouter_quota_usage_percent", [("plan", plan)], "\(percent)")
        }
        page.begin("tokenrouter_shared_state_up", .gauge, "Whether the server of what instances share is there.")
        if let isUp = series.isSharedStateUp { page.sample("tokenrouter_shared_state_up", [], isUp ? "1" : "0") }
        page.begin(
            "tokenrouter_overhead_seconds", .histogram,
            "Time the gateway itself took: request time minus upstream time.")
        page.histogram("tokenrouter_overhead_seconds", [], overhead)
        return page.text
    }

    private func writeExchanges(to page: inout PrometheusText) {
        page.begin("tokenrouter_requests_total", .counter, "Finished exchanges.")
        for (labels, metrics) in exchanges {
            for status in MetricsStatus.allCases {
                page.sample(
                    "tokenrouter_requests_total", labels + [("status", status.rawValue)], "\(metrics.finished(status))")
            }
        }
        page.begin(
            "tokenrouter_request_duration_seconds", .histogram,
            "Time from the request's head to the answer's last byte.")
        for (labels, metrics) in exchanges {
            page.histogram("tokenrouter_request_duration_seconds", labels, metrics.duration)
        }
        page.begin(
            "tokenrouter_time_to_first_token_seconds", .histogram,
            "Time from the request's head to the first event or the body from upstream.")
        for (labels, metrics) in exchanges {
            page.histogram("tokenrouter_time_to_first_token_seconds", labels, metrics.firstToken)
        }
        page.begin("tokenrouter_cache_hits_total", .counter, "Successes that a vendor's prompt cache served in part.")
        for (labels, metrics) in exchanges {
            page.sample("tokenrouter_cache_hits_total", labels, "\(metrics.cacheHits)")
        }
        page.begin(
            "tokenrouter_cache_misses_total", .counter, "Successes without a token from a vendor's prompt cache.")
        for (labels, metrics) in exchanges {
            page.sample("tokenrouter_cache_misses_total", labels, "\(metrics.cacheMisses)")
        }
        page.begin(
            "tokenrouter_cache_miss_causes_total", .counter,
            "Prompts that a vendor's cache should have served after an earlier turn, by why it did not.")
        for (labels, metrics) in exchanges {
            for cause in MetricsMissCause.allCases where metrics.misses(cause) > 0 {
                page.sample(
                    "tokenrouter_cache_miss_causes_total", labels + [("cause", cause.rawValue)],
                    "\(metrics.misses(cause))")
            }
        }
    }

    private func writeModels(to page: inout PrometheusText) {
        page.begin(
            "tokenrouter_tokens_total", .counter,
            "Tokens by type; prompt is all input, cache_read and cache_write included.")
        for (name, metrics) in models {
            for type in ModelMetrics.TokenType.allCases {
                page.sample(
                    "tokenrouter_tokens_total", [("model", name), ("type", type.rawValue)], "\(metrics.tokens(type))")
            }
        }
        page.begin("tokenrouter_cost_usd_total", .counter, "What customers paid, in US dollars.")
        for (name, metrics) in models {
            let amount = PrometheusText.decimal(metrics.costNanoUSD, fractionDigits: 9)
            page.sample("tokenrouter_cost_usd_total", [("model", name)], amount)
        }
        writeVolatile(to: &page)
        page.begin("tokenrouter_dedup_hits_total", .counter, "Requests answered from a twin's answer.")
        for (name, metrics) in models {
            page.sample("tokenrouter_dedup_hits_total", [("model", name)], "\(metrics.dedupHits)")
        }
        page.begin(
            "tokenrouter_dedup_wait_timeouts_total", .counter,
            "Requests that waited for a twin's answer as long as one waits, and went alone.")
        for (name, metrics) in models {
            page.sample(
                "tokenrouter_dedup_wait_timeouts_total", [("model", name)], "\(metrics.dedupWaitTimeouts)")
        }
    }

    private func writeVolatile(to page: inout PrometheusText) {
        let name = "tokenrouter_volatile_prompts_total"
        page.begin(
            name, .counter,
            "Prompts whose instructions hold what looks like changing with each request; moved: to the prompt's end.")
        for (model, metrics) in models {
            for kind in MetricsVolatileKind.allCases {
                for isMoved in [false, true] where metrics.volatilePrompts(kind, isMoved: isMoved) > 0 {
                    page.sample(
                        name, [("model", model), ("kind", kind.rawValue), ("moved", "\(isMoved)")],
                        "\(metrics.volatilePrompts(kind, isMoved: isMoved))")
                }
            }
        }
    }

    private func writeProviders(to page: inout PrometheusText) {
        page.begin("tokenrouter_active_streams", .gauge, "Streams that are open now.")
        for (name, metrics) in providers {
            page.sample("tokenrouter_active_streams", [("provider", name)], "\(metrics.activeStreams)")
        }
        page.begin("tokenrouter_provider_errors_total", .counter, "Failed calls to vendors.")
        for (pair, count) in series.providerErrors.sorted(by: { Self.isBefore($0.key, $1.key) }) {
            page.sample(
                "tokenrouter_provider_errors_total", [("provider", pair.first), ("error_type", pair.second)], "\(count)"
            )
        }
    }
}
