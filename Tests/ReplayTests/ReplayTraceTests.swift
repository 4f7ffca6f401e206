import Replay
import Testing

@Suite struct ReplayTraceTests {
    private func read(_ text: String) throws(ReplayTraceError) -> ReplayTrace { try ReplayTrace.read(Array(text.utf8)) }

    @Test func blocksHave512TokensAndTheLastTheRest() throws {
        let trace = try read(
            #"{"timestamp": 1500, "input_length": 1100, "output_length": 7, "hash_ids": [1, 2, 3], "tenant": "a"}"#)
        let request = try #require(trace.requests.first)
        #expect(request.arrivalNanoseconds == 1_500_000_000)
        #expect(request.tokens == [512, 1_024, 1_100])
        #expect(request.promptTokens == 1_100)
        #expect(request.outputTokens == 7)
    }

    @Test func aLineMaySayHowLargeItsBlocksAre() throws {
        let trace = try read(
            #"{"timestamp":0,"input_length":1000,"output_length":0,"hash_ids":[18446744073709551615,0],"block_tokens":[900,50]}"#
        )
        #expect(trace.requests.first?.tokens == [900, 950])
    }

    @Test func equalBeginningsHaveEqualChainsWithinAModel() throws {
        let trace = try read(
            """
            {"timestamp":0,"input_length":1024,"output_length":1,"hash_ids":[1,2]}\r
            {"timestamp":0,"input_length":1536,"output_length":1,"hash_ids":[1,2,3]}

            {"timestamp":0,"input_length":1024,"output_length":1,"hash_ids":[4,2]}
            {"timestamp":0,"input_length":1024,"output_length":1,"hash_ids":[1,2],"model":"other"}

            """)
        let chains = trace.requests.map(\.chain)
        try #require(chains.count == 4)
        #expect(Array(chains[1].prefix(2)) == chains[0])
        #expect(chains[2][1] != chains[0][1], "what stands before a block is part of it")
        #expect(chains[3][0] != chains[0][0])
    }

    @Test func requestsAreTakenByTime() throws {
        let lines = [3, 1, 2, 1].enumerated().map {
            #"{"timestamp":\#($1),"input_length":\#($0),"output_length":0,"hash_ids":[]}"#
        }
        #expect(try read(lines.joined(separator: "\n")).requests.map(\.promptTokens) == [1, 3, 2, 0])
    }

    @Test(
        arguments: [
            ("no JSON", "not JSON, or with a number that does not fit"),
            ("[1]", "the line is of another type than expected"),
            (#"{"timestamp":0,"output_length":1,"hash_ids":[]}"#, "no input_length"),
            (
                #"{"timestamp":"0","input_length":1,"output_length":1,"hash_ids":[]}"#,
                "timestamp is of another type than expected"
            ),
            (
                #"{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[-1]}"#,
                "not JSON, or with a number that does not fit"
            ),
            (
                #"{"timestamp":-1,"input_length":1,"output_length":1,"hash_ids":[]}"#,
                "timestamp is not within 0 and 4e12 milliseconds"
            ),
            (
                #"{"timestamp":0,"input_length":9e9,"output_length":1,"hash_ids":[]}"#,
                "input_length is not within 0 and 1e9"
            ),
            (
                #"{"timestamp":0,"input_length":1,"output_length":-1,"hash_ids":[]}"#,
                "output_length is not within 0 and 1e9"
            ),
            (
                #"{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[1],"block_tokens":[]}"#,
                "block_tokens has not as many numbers as hash_ids"
            ),
            (
                #"{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[1],"block_tokens":[-5]}"#,
                "block_tokens has a number that is not within 0 and 1e9"
            ),
        ])
    func aBadLineIsNamed(line: String, complaint: String) {
        let good = #"{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[]}"#
        #expect(throws: ReplayTraceError.line(3, complaint)) { try read(good + "\n\n" + line) }
    }

    @Test(arguments: ["{", #"{"timestamp":0,"input_le"#, #"{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":["#])
    func aLastLineThatIsCutIsLeftOut(line: String) throws {
        let good = #"{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[]}"#
        let trace = try read(good + "\n" + line)
        #expect(trace.requests.count == 1)
        #expect(trace.cutLine == 2)
        #expect(try read(good + "\n" + good).cutLine == nil)
        #expect(throws: ReplayTraceError.self, "only what nothing follows can be cut") { try read(good + "\n" + line + "\n") }
        #expect(throws: ReplayTraceError.self, "nothing is left") { try read(line) }
    }

    @Test(arguments: ["", "\n\r\n  "])
    func aTraceHoldsSomething(text: String) {
        #expect(throws: ReplayTraceError.empty) { try read(text) }
    }
}
