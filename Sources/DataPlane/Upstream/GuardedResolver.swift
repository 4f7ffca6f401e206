import Glibc
import Identity
import NIOCore
import NIOPosix

/// Resolves names off the event loop and leaves out addresses the configuration does not allow: what is checked is
/// what is connected to, so a name cannot change its mind in between.
final class GuardedResolver: Resolver, Sendable {
    private let eventLoop: any EventLoop
    private let allowsPrivate: Bool
    private let ipv4: EventLoopPromise<[SocketAddress]>
    private let ipv6: EventLoopPromise<[SocketAddress]>

    init(eventLoop: any EventLoop, allowsPrivate: Bool) {
        self.eventLoop = eventLoop
        self.allowsPrivate = allowsPrivate
        ipv4 = eventLoop.makePromise()
        ipv6 = eventLoop.makePromise()
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        ipv4.futureResult
    }

    /// Asked before the other: one look-up answers both.
    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        let (ipv4, ipv6) = (ipv4, ipv6)
        let allowsPrivate = allowsPrivate
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { try Self.addresses(of: host, port: port) }
            .whenComplete { result in
                do {
                    let found = try result.get()
                    let allowed = found.filter { allowsPrivate || !Self.isPrivate($0) }
                    if allowed.isEmpty { throw UpstreamConnector.Refusal.privateAddress }
                    ipv6.succeed(allowed.filter { $0.protocol == .inet6 })
                    ipv4.succeed(allowed.filter { $0.protocol == .inet })
                } catch {
                    ipv6.fail(error)
                    ipv4.fail(error)
                }
            }
        return ipv6.futureResult
    }

    func cancelQueries() {}

    private static func isPrivate(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress else { return true }
        return PrivateAddress.isPrivateOrLoopback(text)
    }

    private struct LookupFailed: Error {
        let code: Int32
    }

    private static func addresses(of host: String, port: Int) throws -> [SocketAddress] {
        if let numeric = try? SocketAddress(ipAddress: host, port: port) { return [numeric] }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw LookupFailed(code: code) }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var entry = list
        while let current = entry {
            if let address = current.pointee.ai_addr {
                switch current.pointee.ai_family {
                case AF_INET:
                    address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { found.append(SocketAddress($0.pointee)) }
                case AF_INET6:
                    address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { found.append(SocketAddress($0.pointee)) }
                default: break
                }
            }
            entry = current.pointee.ai_next
        }
        return found
    }
}
