/// `routes`, `billing`, `telemetry`, `alerts`
enum RemainingSections {
    static func route(_ reader: MappingReader) -> RouteSettings? {
        let log = reader.log
        let path = reader.requiredText("path", fix: "path: /v1/chat/completions")
        if let path, !path.text.hasPrefix("/") { log.error(path.place, "\(path.quoted)must begin with /") }
        var route = RouteSettings(path: path?.text ?? "")
        reader.section("when") { section in
            for (name, value) in section.allEntries() {
                if let text = log.scalar(value) { route.when[name] = text.text }
            }
        }
        route.model = reader.text("model")?.text
        route.version = reader.text("version")?.text
        route.tags = reader.texts("tags").map(\.text)
        return path == nil ? nil : route
    }

    static func readBilling(_ reader: MappingReader, into billing: inout BillingSettings) {
        reader.read("durability", into: &billing.durability) { reader.log.choice($0) }
        reader.read("unpriced_models", into: &billing.unpricedModels) { reader.log.choice($0) }
    }

    static func readTelemetry(_ reader: MappingReader, into telemetry: inout TelemetrySettings) {
        telemetry.otlp = reader.text("otlp").flatMap(reader.log.webURL)
        reader.read("log_bodies", into: &telemetry.logBodies, reader.log.flag)
    }

    static func readAlerts(_ reader: MappingReader, into alerts: inout AlertSettings) {
        let log = reader.log
        alerts.webhooks = reader.sections("webhooks") { section in
            let kind = section.requiredText("kind").flatMap { log.name($0) }
            let url = section.requiredText("url").flatMap(log.webURL)
            let secret = section.text("secret").map { Secret($0.text) }
            guard let kind, let url else { return nil }
            return AlertWebhook(kind: kind, url: url, secret: secret)
        }
    }
}
