/// Hides what may be secret in a URL; text that is none comes back as it is.
enum MaskedURL {
    /// User and password become `***`, so do query and fragment. A password may hold any character, so everything up to
    /// the last `@` is taken for it.
    static func mask(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        var rest = url[scheme.upperBound...]
        var output = String(url[..<scheme.upperBound])
        if let at = rest.lastIndex(of: "@") {
            output += "***@"
            rest = rest[rest.index(after: at)...]
        }
        let shown = rest.prefix { $0 != "?" && $0 != "#" }
        output += shown
        return shown.endIndex == rest.endIndex ? output : output + "?***"
    }

    /// Scheme, host and port; whatever follows becomes `***`.
    static func hostOnly(_ url: String) -> String {
        let masked = mask(url)
        guard let scheme = masked.firstRange(of: "://") else { return "***" }
        let host = masked[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        return host.endIndex == masked.endIndex ? masked : masked[..<host.endIndex] + "/***"
    }
}
