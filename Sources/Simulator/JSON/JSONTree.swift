/// A JSON value that keeps what a vendor's prompt depends on: the order of members and the digits of numbers.
indirect enum JSONTree: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The number as it was written.
    case number(String)
    case string(String)
    case array([JSONTree])
    case object([Member])

    /// One name and its value.
    struct Member: Sendable, Equatable {
        let name: String
        let value: JSONTree

        init(_ name: String, _ value: JSONTree) {
            self.name = name
            self.value = value
        }
    }

    static func int(_ value: Int) -> JSONTree { .number(String(value)) }

    /// An optional text: nil is null.
    static func optional(_ text: String?) -> JSONTree { text.map(JSONTree.string) ?? .null }
}

extension JSONTree {
    /// The last member of that name; nil when it is absent or this is no object.
    subscript(name: String) -> JSONTree? {
        members?.last { $0.name == name }?.value
    }

    var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    var elements: [JSONTree]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var flag: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The whole number written here; nil for fractions and for what Int cannot hold.
    var integer: Int? {
        if case .number(let digits) = self { Int(digits) } else { nil }
    }

    var isNull: Bool { self == .null }

    /// The object without members of that name, on this level and below.
    func removing(_ name: String) -> JSONTree {
        switch self {
        case .array(let elements): .array(elements.map { $0.removing(name) })
        case .object(let members):
            .object(members.filter { $0.name != name }.map { Member($0.name, $0.value.removing(name)) })
        case .null, .bool, .number, .string: self
        }
    }
}

extension JSONTree: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .int(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONTree...) { self = .array(elements) }

    init(dictionaryLiteral elements: (String, JSONTree)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
