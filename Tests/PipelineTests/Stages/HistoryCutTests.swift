import NIOCore
import Pipeline
import Testing
import Wire

struct HistoryCutTests {
    private static let words = String(repeating: "word ", count: 80)

    /// Five turns of a call each, of which the last goes on.
    private static func session(arguments: String, mark: String = "") -> String {
        let encoded = arguments.replacing("\"", with: "\\\"")
        let turns = (0..<5).map { turn in
            #"{"role":"user","content":[{"type":"text","text":"\#(words) \#(turn)"\#(turn == 3 ? mark : "")}]},"#
                + #"{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"\#(encoded)"}}]},"#
                + #"{"role":"tool","tool_call_id":"c","content":"done"}"#
        }
        return #"{"model":"m","messages":["# + turns.joined(separator: ",") + "]}"
    }

    /// Whatever the bound, the cut is where it is without what does not count.
    @Test(arguments: [
        ("white space in arguments", #"{ "a" : 1 ,  "b" : [ 1 , 2 ] }"#, ""),
        ("keys and escapes in arguments", #"{"b":[1,2],"\u0061":1}"#, ""),
        ("a mark on a turn of the history", #"{"a":1,"b":[1,2]}"#, #","cache_control":{"type":"ephemeral"}"#),
    ])
    func whatDoesNotCountMovesNoCut(_ name: String, _ arguments: String, _ mark: String) throws {
        let plain = Self.session(arguments: #"{"a":1,"b":[1,2]}"#)
        let other = Self.session(arguments: arguments.replacing("\\", with: "\\\\"), mark: mark)
        for maximum in stride(from: 100, to: 1_000, by: 7) {
            let options = Prompts.options(.safe, maxHistoryTokens: maximum)
            let expected = try #require(try Prompts.prepare(plain, .openAIChat, options).cut)
            #expect(try Prompts.prepare(other, .openAIChat, options).cut == expected, "\(name), at most \(maximum)")
        }
    }
}
