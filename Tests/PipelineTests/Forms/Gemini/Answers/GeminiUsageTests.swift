import NIOCore
import Pipeline
import Testing
import Wire

struct GeminiUsageTests {
    private func usage(_ text: String) throws -> ReportedUsage {
        try #require(
            try GeminiSupport.completion(#"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":\#(text)}"#).usage)
    }

    @Test func countsThoughtsOnce() throws {
        let beside = try usage(
            #"{"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":7,"totalTokenCount":22}"#)
        #expect(beside.completion == 12 && beside.reasoning == 7)
        let within = try usage(
            #"{"promptTokenCount":10,"candidatesTokenCount":12,"thoughtsTokenCount":7,"totalTokenCount":22}"#)
        #expect(within.completion == 12 && within.reasoning == 7)
        let silent = try usage(#"{"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":7}"#)
        #expect(silent.completion == 12)
        let none = try usage(#"{"promptTokenCount":10,"totalTokenCount":10}"#)
        #expect(none.prompt == 10 && none.completion == 0 && none.reasoning == nil && none.cached == nil)
    }

    @Test(
        arguments: [
            #"{"promptTokenCount":-1}"#, #"{"promptTokenCount":1.5}"#, #"{"candidatesTokenCount":"7"}"#,
            #"{"thoughtsTokenCount":9223372036854775807,"candidatesTokenCount":9223372036854775807}"#,
            #"{"cachedContentTokenCount":[]}"#, #"{"totalTokenCount":1e30}"#,
            #"{"promptTokensDetails":[{"modality":"AUDIO","tokenCount":-4}]}"#,
        ])
    func reliesOnNoCountThatIsNone(text: String) throws {
        #expect(try usage(text).isMalformed)
    }

    @Test(arguments: 0..<20)
    func partsAddUp(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let prompt = Int64.random(in: 0...100_000, using: &generator)
            let cached = Int64.random(in: 0...prompt, using: &generator)
            let tools = Bool.random(using: &generator) ? Int64.random(in: 1...500, using: &generator) : 0
            let candidates = Int64.random(in: 0...9_000, using: &generator)
            let thoughts = Int64.random(in: 0...9_000, using: &generator)
            let isWithin = thoughts <= candidates && Bool.random(using: &generator)
            let total = prompt + tools + candidates + (isWithin ? 0 : thoughts)
            let counts = [
                ("promptTokenCount", prompt), ("cachedContentTokenCount", cached), ("toolUsePromptTokenCount", tools),
                ("candidatesTokenCount", candidates), ("thoughtsTokenCount", thoughts), ("totalTokenCount", total),
            ]
            // Counts of zero are left out, as often as not.
            let members = counts.filter { $0.1 > 0 || Bool.random(using: &generator) }.map { #""\#($0.0)":\#($0.1)"# }
            let read = try usage("{\(members.shuffled(using: &generator).joined(separator: ","))}")
            let (input, output) = (try #require(read.prompt), try #require(read.completion))
            #expect(!read.isMalformed && input + output == total, "seed \(seed): \(members)")
            #expect((read.cached ?? 0) <= input && (read.reasoning ?? 0) <= output, "seed \(seed): \(members)")
            var completion = Completion(choices: [CompletionChoice(stop: .endOfTurn)])
            completion.usage = read
            let written = try #require(try GeminiSupport.completion(GeminiSupport.answer(completion)).usage)
            #expect(
                written.prompt == input && written.completion == output
                    && (written.reasoning ?? 0) == (read.reasoning ?? 0)
                    && (written.cached ?? 0) == (read.cached ?? 0) && written.total == total, "seed \(seed): \(members)"
            )
        }
    }
}
