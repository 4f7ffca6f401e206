/// Addresses that must not be dialled on a stranger's word.
package enum PrivateAddress {
    /// Whether a numeric address, as text, is closed (see `IPAddress.isPrivateOrLoopback`); true for text that is none.
    package static func isPrivateOrLoopback(_ numericAddress: some StringProtocol) -> Bool {
        IPAddress(numericAddress)?.isPrivateOrLoopback ?? true
    }
}

extension IPAddress {
    /// True for every address that is not one of the public Internet's unicast addresses (IANA's special-purpose
    /// registries for IPv4 and IPv6).
    ///
    /// Addresses that carry an IPv4 address (mapped, compatible, translated by NAT64, 6to4) are judged by it too: where
    /// such a road exists, it leads there.
    package var isPrivateOrLoopback: Bool {
        if Self.closedRanges.contains(where: { $0.contains(self) }) { return true }
        switch self {
        case .v4: return false
        case .v6(let high, let low):
            guard let inner = Self.embedded(high, low) else { return false }
            return IPAddress.v4(inner).isPrivateOrLoopback
        }
    }

    /// The IPv4 address inside an address of a translation scheme.
    private static func embedded(_ high: UInt64, _ low: UInt64) -> UInt32? {
        switch high {
        // 64:ff9b::/96, NAT64
        case 0x0064_FF9B_0000_0000 where low >> 32 == 0: UInt32(truncatingIfNeeded: low)
        // 2002::/16, 6to4
        case 0x2002_0000_0000_0000...0x2002_FFFF_FFFF_FFFF: UInt32(truncatingIfNeeded: high >> 16)
        default: nil
        }
    }

    private static let closedRanges: [CIDR] = [
        "0.0.0.0/8",  // this network
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  // private
        "100.64.0.0/10",  // carrier-grade NAT
        "127.0.0.0/8",  // loopback
        "169.254.0.0/16",  // link-local, and the clouds' metadata services
        "192.0.0.0/24",  // protocol assignments
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  // documentation
        "192.88.99.0/24",  // 6to4 relays, withdrawn
        "198.18.0.0/15",  // benchmarking
        "224.0.0.0/4",  // multicast
        "240.0.0.0/4",  // reserved, and broadcast
        "::/96",  // unspecified, loopback, IPv4-compatible
        "::ffff:0:0:0/96",  // IPv4-translated
        "64:ff9b:1::/48",  // local NAT64
        "100::/64",  // discard
        "2001::/23",  // protocol assignments, Teredo among them
        "2001:db8::/32", "3fff::/20",  // documentation
        "5f00::/16",  // segment routing
        "fc00::/7",  // unique local
        "fe80::/10", "fec0::/10",  // link-local, site-local
        "ff00::/8",  // multicast
    ].compactMap { CIDR($0) }
}
