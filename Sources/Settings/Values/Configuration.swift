/// The whole configuration of one gateway process, read, expanded, checked.
///
/// An immutable value: a reload builds a new one and swaps it in, and an exchange keeps the one it began with.
/// Every scalar has its default already filled in; `nil` and empty collections mean "none".
package struct Configuration: Sendable, Equatable {
    package var server = ServerSettings()
    package var storage = StorageSettings()
    package var sharedState = SharedStateSettings()
    package var messaging = MessagingSettings()
    package var auth = AuthSettings()
    package var outbound = OutboundSettings()
    /// In the order of the file; names are unique.
    package var providers: [ProviderSettings] = []
    /// In the order of the file; names are unique. A name may end in `*`.
    package var models: [ModelSettings] = []
    package var routes: [RouteSettings] = []
    package var limits = LimitsSettings()
    package var billing = BillingSettings()
    package var telemetry = TelemetrySettings()
    package var alerts = AlertSettings()
    package var usage = UsageSettings()
    package var logging = LoggingSettings()

    package init() {}
}
