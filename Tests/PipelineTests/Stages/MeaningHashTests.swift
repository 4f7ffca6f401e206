import Pipeline
import Testing

/// Two spellings of a conversation have one chain exactly where a vendor renders one prompt of them.
struct MeaningHashTests {
    struct Pair: CustomTestStringConvertible {
        let testDescription: String
        let one: String
        let other: String
    }

    private static let text = #"{"role":"user","content":"It\u2019s caf\u00e9 \/ \"bar\"\n"}"#

    @Test(arguments: [
        Pair(testDescription: "members in another order", one: #"{"role":"user","content":"a"}"#, other: #"{"content":"a","role":"user"}"#),
        Pair(testDescription: "white space", one: #"{"role":"user","content":"a"}"#, other: "{ \"role\" : \"user\",\n\t\"content\": \"a\" }"),
        Pair(testDescription: "escapes that are not needed", one: text, other: #"{"role":"user","content":"It’s café / \"bar\"\u000a"}"#),
        Pair(testDescription: "keys with escapes", one: #"{"role":"user","content":"a"}"#, other: #"{"r\u006fle":"user","content":"a"}"#),
        Pair(
            testDescription: "a text, and a list of it", one: #"{"role":"user","content":"a"}"#,
            other: #"{"role":"user","content":[{"text":"a","type":"text"}]}"#),
        Pair(
            testDescription: "a marked list of a text", one: #"{"role":"user","content":"a"}"#,
            other: #"{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}"#),
        Pair(
            testDescription: "arguments of a call", one: call(#"{\"b\":1,\"a\":[1.0,2]}"#), other: call(#"{\"a\": [1, 2], \"b\": 1}"#)),
        Pair(
            testDescription: "parts with members in another order",
            one: #"{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#,
            other: #"{"content":[{"text":"a","type":"text"},{"text":"b","type":"text"}],"role":"user"}"#),
    ])
    func whatMeansTheSameHasOneChain(_ pair: Pair) throws {
        let (one, other) = (try Self.prepared(pair.one), try Self.prepared(pair.other))
        #expect(one.chain == other.chain)
        #expect(one.steps.chain == other.steps.chain)
        #expect(one.historyEnds == other.historyEnds)
    }

    @Test(arguments: [
        Pair(testDescription: "another role", one: #"{"role":"user","content":"a"}"#, other: #"{"role":"assistant","content":"a"}"#),
        Pair(testDescription: "another text", one: #"{"role":"user","content":"a"}"#, other: #"{"role":"user","content":"b"}"#),
        Pair(testDescription: "a name", one: #"{"role":"user","content":"a"}"#, other: #"{"role":"user","content":"a","name":"n"}"#),
        Pair(
            testDescription: "a member that changed places", one: #"{"role":"user","content":"a","name":"n"}"#,
            other: #"{"role":"user","content":"n","name":"a"}"#),
        Pair(
            testDescription: "parts in another order", one: #"{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#,
            other: #"{"role":"user","content":[{"type":"text","text":"b"},{"type":"text","text":"a"}]}"#),
        Pair(
            testDescription: "one text for two", one: #"{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#,
            other: #"{"role":"user","content":[{"type":"text","text":"ab"}]}"#),
        Pair(
            testDescription: "a refusal for a text", one: #"{"role":"assistant","content":"a"}"#,
            other: #"{"role":"assistant","content":[{"type":"refusal","refusal":"a"}]}"#),
        Pair(testDescription: "half a pair", one: #"{"role":"user","content":"\ud800"}"#, other: #"{"role":"user","content":"\ud801"}"#),
        Pair(testDescription: "arguments of a call", one: call(#"{\"a\":1}"#), other: call(#"{\"a\":2}"#)),
    ])
    func whatMeansSomethingElseHasAnother(_ pair: Pair) throws {
        let (one, other) = (try Self.prepared(pair.one), try Self.prepared(pair.other))
        #expect(one.chain != other.chain)
        #expect(one.steps.chain != other.steps.chain)
    }

    @Test func aConversationIsTheSameHoweverItsOpeningIsSpelled() throws {
        let (one, other) = (try Self.prepared(Self.text), try Self.prepared(#"{"content":"It’s café / \"bar\"\n","role":"user"}"#))
        #expect(one.sessionHash(named: nil, caller: 1) == other.sessionHash(named: nil, caller: 1))
    }

    private static func call(_ arguments: String) -> String {
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":""#
            + arguments + #""}}]}"#
    }

    /// A question, the message, and another question.
    private static func prepared(_ message: String) throws -> PreparedRequest {
        try Requests.prepare(
            Requests.chat([Requests.message("system", "Be brief."), message, Requests.message("assistant", "b"), Requests.message("user", "c")]))
    }
}
