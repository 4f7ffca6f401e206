/// `auth`, `outbound`
enum AuthSection {
    static func read(_ reader: MappingReader, into auth: inout AuthSettings) {
        let log = reader.log
        reader.read("admin_key", into: &auth.adminKey, log.credential)
        reader.read("cache_ttl", into: &auth.cacheTTL) { log.duration($0, in: Bounds.cacheTTL) }
        reader.section("jwt") { jwt in
            var seen = SeenNames(what: "issuer", log: log)
            auth.jwtIssuers = jwt.sections("issuers") { issuer($0, seen: &seen) }
        }
    }

    static func readOutbound(_ reader: MappingReader, into outbound: inout OutboundSettings) {
        outbound.allow = reader.texts("allow").compactMap(reader.log.allowedHost)
    }

    private static let algorithms = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
        "HS256", "HS384", "HS512",
    ]

    private static func issuer(_ reader: MappingReader, seen: inout SeenNames) -> JWTIssuerSettings? {
        let log = reader.log
        let name = reader.requiredText("issuer")
        if let name { seen.note(name.text, place: name.place) }
        var issuer = JWTIssuerSettings(issuer: name?.text ?? "")
        issuer.jwksURL = reader.text("jwks_url").flatMap(log.webURL)
        issuer.audience = reader.text("audience")?.text
        issuer.algorithms = reader.texts("algorithms").compactMap { scalar in
            guard algorithms.contains(scalar.text) else {
                log.error(
                    scalar.place, "\(scalar.quoted)is no algorithm that is known",
                    fix: NearestName.fix(for: scalar.text, among: algorithms))
                return nil
            }
            return scalar.text
        }
        issuer.requiredScope = reader.text("required_scope")?.text
        issuer.secret = reader.text("secret").map { Secret($0.text) }
        reader.section("claims") { claims in
            for name in ["tenant", "tenant_type", "roles", "scopes"] {
                issuer.claims[name] = claims.requiredTextIfWritten(name)
            }
        }
        // An issuer with an empty secret is off.
        if issuer.secret != nil || issuer.jwksURL != nil {
            UnbuiltFeatures.report(reader.place, log: log)
        } else if !reader.has("secret") {
            log.error(reader.place, "an issuer needs `jwks_url` or `secret`")
        }
        return name == nil ? nil : issuer
    }
}

extension MappingReader {
    /// A text that holds something where the key is there at all.
    func requiredTextIfWritten(_ name: String) -> String? {
        has(name) ? requiredText(name)?.text : scalar(name)?.text
    }
}
