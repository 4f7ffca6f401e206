import NIOCore
import Testing

@testable import Wire

@Suite struct JSONMemberEditsTests {
    /// Something done to an object's members.
    enum Step: Sendable, CustomTestStringConvertible {
        case set(Key, String, JSONMemberPlace)
        case remove(Key)

        var testDescription: String {
            switch self {
            case .set(let key, let value, let place): "\(key.rawValue)=\(value) at \(place)"
            case .remove(let key): "-\(key.rawValue)"
            }
        }
    }

    enum Key: String, CaseIterable, Sendable {
        case a, b, c, d

        var literal: StaticString {
            switch self {
            case .a: "a"
            case .b: "b"
            case .c: "c"
            case .d: "d"
            }
        }
    }

    static func edited(_ text: String, object: Int = 0, _ steps: [Step]) throws -> String {
        var edits = JSONEdits()
        try indexed(text) { index, bytes in
            for step in steps {
                switch step {
                case .set(let key, let value, let place):
                    try edits.setMember(key.literal, to: value, in: object, of: index, bytes: bytes, at: place)
                case .remove(let key):
                    try edits.removeMember(key.literal, of: object, in: index, bytes: bytes)
                }
            }
        }
        return JSONEditsTests.apply(edits, to: text)
    }

    @Test(
        arguments: [
            (#"{"a": 1 , "b":2}"#, [.set(.a, "9", .end)], #"{"a": 9 , "b":2}"#),
            ("{}", [.set(.a, "1", .end)], #"{"a":1}"#),
            (" { } ", [.set(.a, "1", .front), .set(.b, "2", .front)], #" {"a":1,"b":2 } "#),
            ("{}", [.set(.b, "2", .end), .set(.a, "1", .front)], #"{"a":1,"b":2}"#),
            ("{ \"a\" : 1 }\n", [.set(.b, "[2]", .end), .set(.c, "3", .end)], "{ \"a\" : 1,\"b\":[2],\"c\":3 }\n"),
            (#"{ "a":1}"#, [.set(.b, "2", .front), .set(.c, "3", .front)], #"{"b":2,"c":3, "a":1}"#),
            (#"{"a":1, "b":2, "c":3}"#, [.remove(.a)], #"{"b":2, "c":3}"#),
            (#"{"a":1, "b":2, "c":3}"#, [.remove(.b)], #"{"a":1, "c":3}"#),
            (#"{"a":1, "b":2, "c":3 }"#, [.remove(.c)], #"{"a":1, "b":2 }"#), (#"{ "a":1 }"#, [.remove(.a)], "{  }"),
            (#"{"a":1,"b":2,"c":3}"#, [.remove(.a), .remove(.b)], #"{"c":3}"#),
            (#"{"a":1,"b":2,"c":3}"#, [.remove(.c), .remove(.b)], #"{"a":1}"#),
            (
                #"{"a":1,"b":2}"#, [.remove(.b), .remove(.a), .set(.c, "3", .end), .set(.d, "4", .end)],
                #"{"c":3,"d":4}"#
            ),
            (#"{"a":1,"b":2}"#, [.remove(.b), .set(.c, "3", .end)], #"{"a":1,"c":3}"#),
            (#"{"a":1}"#, [.remove(.a), .set(.a, "2", .end)], #"{"a":2}"#),
            (#"{"a":1}"#, [.set(.a, "2", .end), .set(.a, "3", .end)], #"{"a":3}"#),
            (#"{"a":1}"#, [.set(.a, "22", .end), .remove(.a)], "{}"),
            ("{}", [.set(.a, "1", .end), .set(.b, "2", .end), .set(.a, "3", .end)], #"{"a":3,"b":2}"#),
            ("{}", [.set(.a, "1", .end), .remove(.a)], "{}"),
            (#"{"a":1,"\u0061":2,"a":3,"b":4}"#, [.set(.a, "9", .end)], #"{"a":9,"b":4}"#),
            (#"{"a":1,"b":4,"\u0061":2}"#, [.remove(.a)], #"{"b":4}"#),
            (#"{"a":{"a":[1,{"b":2}]}}"#, [.set(.b, "3", .end)], #"{"a":{"a":[1,{"b":2}]},"b":3}"#),
            (#"{"a":1}"#, [.remove(.b)], #"{"a":1}"#),
            ("{\"a\":1\n,\n\"b\"\t:\t{\"x\":[]} }", [.set(.b, "null", .end)], "{\"a\":1\n,\n\"b\"\t:\tnull }"),
        ] as [(String, [Step], String)])
    func givesTheExpectedText(text: String, steps: [Step], expected: String) throws {
        #expect(try Self.edited(text, steps) == expected)
    }

    @Test func refusesNodesThatAreNoObjects() throws {
        var edits = JSONEdits()
        try indexed("[1]") { index, bytes in
            for node in [0, 1, 7, -1] {
                #expect(throws: JSONEditError.notAnObject(node: node)) {
                    try edits.setMember("a", to: "1" as StaticString, in: node, of: index, bytes: bytes)
                }
                #expect(throws: JSONEditError.notAnObject(node: node)) {
                    try edits.removeMember("a", of: node, in: index, bytes: bytes)
                }
            }
        }
        #expect(edits.isEmpty)
    }

    @Test func saysWhetherThereWasSomethingToRemove() throws {
        var edits = JSONEdits()
        let removed = try indexed(#"{"a":1}"#) { index, bytes in
            try [Key.a, .a, .b].map { try edits.removeMember($0.literal, of: 0, in: index, bytes: bytes) }
        }
        #expect(removed == [true, false, false])
    }

    @Test func staysAsItWasWhenRefused() throws {
        let text = #"{"a":1,"b":2,"a":3}"#
        var edits = JSONEdits()
        try indexed(text) { index, bytes in
            try edits.replace(span: 10..<13, with: "x" as StaticString)
            try edits.setMember("c", to: "4" as StaticString, in: 0, of: index, bytes: bytes)
            let before = JSONEditsTests.apply(edits, to: text)
            #expect(throws: JSONEditError.self) {
                try edits.setMember("a", to: "9" as StaticString, in: 0, of: index, bytes: bytes)
            }
            #expect(throws: JSONEditError.self) { try edits.removeMember("b", of: 0, in: index, bytes: bytes) }
            #expect(JSONEditsTests.apply(edits, to: text) == before)
            try edits.setMember("c", to: "5" as StaticString, in: 0, of: index, bytes: bytes)
            #expect(JSONEditsTests.apply(edits, to: text) == before.replacing("4", with: "5"))
        }
    }

    @Test func editsObjectsWithinObjects() throws {
        let text = #"{"a":{"b":1},"c":{}}"#
        var edits = JSONEdits()
        try indexed(text) { index, bytes in
            let inner = try #require(index.member("a", of: 0, in: bytes))
            try edits.setMember("d", to: "2" as StaticString, in: inner, of: index, bytes: bytes)
            try edits.setMember("d", to: "3" as String, in: 0, of: index, bytes: bytes, at: .front)
            try edits.setMember("b", to: Array("4".utf8), in: inner, of: index, bytes: bytes)
            #expect(JSONEditsTests.apply(edits, to: text) == #"{"d":3,"a":{"b":4,"d":2},"c":{}}"#)
            let before = edits
            #expect(throws: JSONEditError.self) {
                try edits.setMember("a", to: "0" as String, in: 0, of: index, bytes: bytes)
            }
            #expect(edits.edits == before.edits)
            try edits.removeMember("a", of: 0, in: index, bytes: bytes)
            #expect(JSONEditsTests.apply(edits, to: text) == #"{"d":3,"c":{}}"#)
            #expect(throws: JSONEditError.self) {
                try edits.setMember("b", to: "5" as String, in: inner, of: index, bytes: bytes)
            }
        }
    }

    /// What the members must be after the steps, by a list of names and values.
    private struct Model {
        var front: [(Key, String)] = []
        var middle: [(Key, String)]
        var end: [(Key, String)] = []

        mutating func take(_ step: Step) {
            switch step {
            case .set(let key, let value, let place):
                if let first = middle.firstIndex(where: { $0.0 == key }) {
                    middle[first].1 = value
                    middle = middle.enumerated().filter { $0.offset <= first || $0.element.0 != key }.map(\.element)
                } else if let earlier = front.firstIndex(where: { $0.0 == key }) {
                    front[earlier].1 = value
                } else if let earlier = end.firstIndex(where: { $0.0 == key }) {
                    end[earlier].1 = value
                } else if place == .front {
                    front.append((key, value))
                } else {
                    end.append((key, value))
                }
            case .remove(let key):
                for list in [\Model.front, \.middle, \.end] { self[keyPath: list].removeAll { $0.0 == key } }
            }
        }

        var members: [String] { (front + middle + end).map { "\($0.0.rawValue)=\($0.1)" } }
    }

    @Test func anyStepsGiveTheMembersTheyShould() throws {
        let seed: UInt64 = 0x5EED_0004
        var random = SeededGenerator(seed: seed)
        let values = ["1", "\"x, }\"", "{ \"a\" : [ ] }", "[1,{\"b\":2}]", "null"]
        for round in 0..<20_000 {
            func pick<Element>(_ list: [Element]) -> Element { list[Int.random(in: 0..<list.count, using: &random)] }
            let space = { pick(["", "", " ", "\n  "]) }
            var model = Model(middle: (0..<pick([0, 1, 2, 3, 4])).map { _ in (pick(Key.allCases), pick(values)) })
            let text =
                space() + "{" + space()
                + model.middle.map { "\"\($0.0.rawValue)\"\(space()):\(space())\($0.1)\(space())" }.joined(
                    separator: "," + space())
                + "}" + space()
            let steps = (0..<pick([1, 2, 3, 6])).map { _ -> Step in
                pick([true, true, false])
                    ? .set(pick(Key.allCases), pick(values), pick([.front, .end])) : .remove(pick(Key.allCases))
            }
            for step in steps { model.take(step) }
            let result = try Self.edited(text, steps)
            let members = try indexed(result) { index, bytes in
                index.members(of: 0).map { member in
                    let value = String(decoding: index.text(index[member.value], in: bytes), as: UTF8.self)
                    return "\(index.string(member.key, in: bytes) ?? "?")=\(value)"
                }
            }
            #expect(members == model.members, "seed \(seed), round \(round): \(text) \(steps) gave \(result)")
        }
    }
}
