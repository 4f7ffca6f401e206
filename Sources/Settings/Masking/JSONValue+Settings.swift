/// How settings look as JSON.
extension JSONValue {
    static func integer(_ value: Int) -> JSONValue { .number(String(value)) }
    /// Finite by the reader's bounds.
    static func fraction(_ value: Double) -> JSONValue { .number(value.isFinite ? "\(value)" : "0") }
    static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
    static func optional(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    static func optional(_ value: Int?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
    static func duration(_ value: Duration) -> JSONValue { .string(DurationText.write(value)) }
    /// The mask; an empty secret is shown empty, for it says that none is set.
    static func secret(_ value: Secret) -> JSONValue { .string(value.description) }
    static func maskedURL(_ value: String) -> JSONValue { .string(MaskedURL.mask(value)) }

    static func texts(_ values: [String: String]) -> JSONValue {
        .object(values.sorted { $0.key < $1.key }.map { Member($0, .string($1)) })
    }

    static func address(_ value: ListenAddress) -> JSONValue {
        .string(value.host.contains(":") ? "[\(value.host)]:\(value.port)" : "\(value.host):\(value.port)")
    }
}

extension JSONValue.Member {
    init(_ name: String, _ value: JSONValue) {
        self.init(name: name, value: value)
    }
}
