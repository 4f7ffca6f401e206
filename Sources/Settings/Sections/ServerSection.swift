/// `server`
enum ServerSection {
    static func read(_ reader: MappingReader, into server: inout ServerSettings) {
        let log = reader.log
        reader.read("listen", into: &server.listen, log.listenAddress)
        reader.read("control", into: &server.control, log.listenAddress)
        reader.read("max_request_bytes", into: &server.maxRequestBytes) { log.size($0, in: Bounds.bodyBytes) }
        reader.read("max_response_bytes", into: &server.maxResponseBytes) { log.size($0, in: Bounds.bodyBytes) }
        reader.read("max_concurrency", into: &server.maxConcurrency) { log.integer($0, in: Bounds.concurrency) }
        reader.read("request_timeout", into: &server.requestTimeout) { log.duration($0, in: Bounds.wait) }
        reader.read("idle_timeout", into: &server.idleTimeout) { log.duration($0, in: Bounds.wait) }
        reader.read("drain_timeout", into: &server.drainTimeout) { log.duration($0, in: Bounds.optionalWait) }
        server.trustedProxies = reader.texts("trusted_proxies").compactMap(log.addressRange)
        reader.section("tls") { server.tls = tls($0) }
    }

    private static func tls(_ reader: MappingReader) -> ServerTLSSettings? {
        let certificate = reader.requiredText("certificate", fix: "the path of a PEM file")
        let key = reader.requiredText("key", fix: "the path of a PEM file")
        let clientCA = reader.text("client_ca")
        guard let certificate, let key else { return nil }
        return ServerTLSSettings(certificate: certificate.text, key: key.text, clientCA: clientCA?.text)
    }
}
