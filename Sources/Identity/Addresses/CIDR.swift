/// A range of addresses: an address and how many of its first bits count.
package struct CIDR: Sendable, Hashable {
    private let base: IPAddress
    private let prefixLength: Int

    /// From `address/length`, or a bare address, which is a range of one. Bits behind the length are dropped.
    ///
    /// nil for anything else: see `IPAddress` for addresses; the length has no sign and no leading zero.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(parts[0]) else { return nil }
        let isWrittenAsV6 = parts[0].utf8.contains(UInt8(ascii: ":"))
        var length = isWrittenAsV6 ? 128 : 32
        if parts.count == 2 {
            guard let written = IPAddress.decimal(Array(parts[1].utf8)[...], upTo: length) else { return nil }
            length = written
        }
        switch address {
        case .v4:
            // An IPv4-mapped range begins behind the 96 bits that all mapped addresses share.
            if isWrittenAsV6 { length -= 96 }
            guard length >= 0 else { return nil }
        case .v6:
            break
        }
        base = address.masked(to: length)
        prefixLength = length
    }

    package func contains(_ address: IPAddress) -> Bool {
        switch (base, address) {
        case (.v4, .v4), (.v6, .v6): address.masked(to: prefixLength) == base
        case (.v4, .v6), (.v6, .v4): false
        }
    }

    /// False for text that is no numeric address.
    package func contains(_ numericAddress: some StringProtocol) -> Bool {
        IPAddress(numericAddress).map { contains($0) } ?? false
    }
}

extension IPAddress {
    /// The address with all but its first bits zero.
    ///
    /// - Parameter length: 0…32 or 0…128
    fileprivate func masked(to length: Int) -> IPAddress {
        // Shifting by the whole width or more gives 0, by less than 0 shifts the other way.
        switch self {
        case .v4(let number):
            .v4(number & ~(UInt32.max >> length))
        case .v6(let high, let low):
            .v6(high & ~(UInt64.max >> length), low & ~(length <= 64 ? UInt64.max : UInt64.max >> (length - 64)))
        }
    }
}
