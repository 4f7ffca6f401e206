import NIOSSL
import Synchronization

/// The TLS settings towards upstreams: system roots, and a provider's own where it names a file. One context a file,
/// made once, because reading the roots takes tens of milliseconds.
final class UpstreamTLSContexts: Sendable {
    private let contexts = Mutex<[String: NIOSSLContext]>([:])

    /// - Throws: where the file cannot be read as PEM certificates.
    func context(caFile: String?) throws -> NIOSSLContext {
        let key = caFile ?? ""
        if let known = contexts.withLock({ $0[key] }) { return known }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        if let caFile {
            configuration.additionalTrustRoots = [.file(caFile)]
        }
        let fresh = try NIOSSLContext(configuration: configuration)
        contexts.withLock { $0[key] = fresh }
        return fresh
    }
}
