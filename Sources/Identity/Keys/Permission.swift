extension Caller {
    /// Whether the key may use a model, by the name the client gave, byte for byte.
    package func mayUse(model: String) -> Bool {
        guard let allowedModels else { return true }
        return allowedModels.contains { pattern in
            if pattern.utf8.last == UInt8(ascii: "*") {
                return model.utf8.starts(with: pattern.utf8.dropLast())
            }
            return model.utf8.elementsEqual(pattern.utf8)
        }
    }

    /// - Parameter now: seconds since 1970. At `expiresAt` itself the key is expired.
    package func isExpired(atSeconds now: Int64) -> Bool {
        guard let expiresAt else { return false }
        return now >= expiresAt
    }

    /// Whether the key may be used from an address.
    ///
    /// Where the key is restricted, an address that is nil or not numeric is refused, and an entry that is no CIDR
    /// admits nobody.
    package func mayCall(fromAddress address: String?) -> Bool {
        guard let allowedIPs else { return true }
        guard let address, let numeric = IPAddress(address) else { return false }
        return allowedIPs.contains { CIDR($0)?.contains(numeric) ?? false }
    }
}
