import Testing

@testable import Simulator

/// Timelines of prompts against the books of each vendor's rule.
struct CacheBookTests {
    private static let scope = CacheBook.Scope(account: "a", model: "m")

    /// A text of exactly that many tokens, told apart by its letter.
    private static func text(_ tokens: Int, _ letter: Character = "x") -> String {
        String(repeating: letter, count: tokens * SimulatedTokenizer.bytesPerToken)
    }

    /// Reads and stores as one request whose answer begins at once.
    private static func ask(
        _ book: inout CacheBook, _ prompt: [PromptBlock], _ rule: CacheRule, scope: CacheBook.Scope = scope, at: Int
    ) -> CacheReading {
        let reading = book.read(prompt, by: rule, for: scope, at: .seconds(at))
        book.store(reading, at: .seconds(at))
        return reading
    }

    @Test(arguments: [
        (tokens: 1023, again: 0), (tokens: 1024, again: 1024), (tokens: 1151, again: 1024),
        (tokens: 1152, again: 1152), (tokens: 1300, again: 1280),
    ])
    func openAIReadsWholeStepsFromItsMinimumOn(tokens: Int, again: Int) {
        var book = CacheBook()
        let prompt = [PromptBlock(Self.text(tokens))]
        #expect(Self.ask(&book, prompt, .openAI, at: 0).read == 0)
        let second = Self.ask(&book, prompt, .openAI, at: 1)
        #expect(second.read == again)
        #expect(second.uncached == tokens - again)
        #expect(second.written == 0)
    }

    @Test func openAIReadsTheLongestCommonPrefix() {
        var book = CacheBook()
        _ = Self.ask(&book, [PromptBlock(Self.text(1500)), PromptBlock(Self.text(1000, "a"))], .openAI, at: 0)
        let other = Self.ask(&book, [PromptBlock(Self.text(1500)), PromptBlock(Self.text(1000, "b"))], .openAI, at: 1)
        #expect(other.read == 1408)
        let changedStart = Self.ask(&book, [PromptBlock("y" + Self.text(2499))], .openAI, at: 2)
        #expect(changedStart.read == 0)
    }

    @Test func openAIForgetsAfterFiveIdleMinutesAndEachHitStartsThemAnew() {
        var book = CacheBook()
        let prompt = [PromptBlock(Self.text(2048))]
        let reads = [0, 299, 598, 898].map { Self.ask(&book, prompt, .openAI, at: $0).read }
        #expect(reads == [0, 2048, 2048, 0])
    }

    @Test func deepSeekReadsUnitsOfSixtyFourAndKeepsThemForHours() {
        var book = CacheBook()
        let prompt = [PromptBlock(Self.text(200))]
        let reads = [0, 1, 80_000, 170_000].map { Self.ask(&book, prompt, .deepSeek, at: $0).read }
        #expect(reads == [0, 192, 192, 0])
    }

    @Test func newerDeepSeekReadsWholeUnitsOnly() {
        var book = CacheBook()
        func ask(_ letters: String, at: Int, answer: String = "") -> Int {
            let prompt = letters.map { PromptBlock(Self.text(500, $0)) }
            let answer = answer.map { PromptBlock(Self.text(500, $0)) }
            let reading = book.read(prompt, answer: answer, by: .deepSeekV4, for: Self.scope, at: .seconds(at))
            book.store(reading, at: .seconds(at))
            return reading.read
        }
        #expect(ask("ab", at: 0, answer: "c") == 0)
        #expect(ask("ab", at: 1) == 1000, "the end of a prompt")
        #expect(ask("abcd", at: 2) == 1500, "the end of an answer")
        #expect(ask("xy", at: 3) == 0)
        #expect(ask("xz", at: 4) == 0, "a common prefix shows itself at the second prompt")
        #expect(ask("xw", at: 5) == 448, "and is read by the third")
        #expect(ask("llllllllllll", at: 6) == 0)
        #expect(ask("lllllllllllm", at: 7) == 4096, "at an interval")
        #expect(ask("ab", at: 90_000) == 0)
    }

    @Test func nothingIsSharedBetweenAccountsModelsAndPartitions() {
        var book = CacheBook()
        let prompt = [PromptBlock(Self.text(2048))]
        _ = Self.ask(&book, prompt, .openAI, at: 0)
        for scope in [
            CacheBook.Scope(account: "b", model: "m"), CacheBook.Scope(account: "a", model: "n"),
            CacheBook.Scope(account: "a", model: "m", partition: "p"),
        ] {
            #expect(Self.ask(&book, prompt, .openAI, scope: scope, at: 1).read == 0, "\(scope)")
        }
        #expect(Self.ask(&book, prompt, .openAI, at: 2).read == 2048)
    }

    @Test func anEntryIsReadableOnlyOnceTheWritersAnswerBegan() {
        var book = CacheBook()
        let prompt = [PromptBlock(Self.text(2048), marker: .fiveMinutes)]
        let rule = CacheRule.anthropic(model: "claude-sonnet-5")
        let first = book.read(prompt, by: rule, for: Self.scope, at: .zero)
        let parallel = book.read(prompt, by: rule, for: Self.scope, at: .zero)
        #expect((first.written, parallel.written, parallel.read) == (2048, 2048, 0))
        book.store(first, at: .seconds(1))
        #expect(book.read(prompt, by: rule, for: Self.scope, at: .seconds(1)).read == 2048)
    }

    @Test(arguments: [
        ("claude-opus-5-5", 512), ("claude-sonnet-5-5", 512), ("claude-sonnet-5", 1024), ("claude-sonnet-4.6", 1024),
        ("claude-opus-4-8", 1024), ("claude-opus-4.7", 2048), ("claude-3-5-haiku-20241022", 2048),
        ("claude-haiku-4-5-20251001", 4096), ("simulator-model", 1024),
    ])
    func anthropicsMinimumFollowsTheModel(model: String, minimum: Int) {
        let rule = CacheRule.anthropic(model: model)
        #expect(rule == .markers(minimum: minimum))
        for (tokens, written) in [(minimum - 1, 0), (minimum, minimum)] {
            var book = CacheBook()
            let reading = Self.ask(&book, [PromptBlock(Self.text(tokens), marker: .fiveMinutes)], rule, at: 0)
            #expect(reading.written == written)
            #expect(reading.uncached == tokens - written)
        }
    }

    @Test func anthropicCachesNothingWithoutAMarker() {
        var book = CacheBook()
        let prompt = [PromptBlock(Self.text(5000))]
        for at in 0...2 {
            let reading = Self.ask(&book, prompt, .markers(minimum: 1024), at: at)
            #expect((reading.read, reading.written, reading.uncached) == (0, 0, 5000))
        }
    }

    @Test func anthropicReadsUpToAMarkerAndWritesWhatFollows() {
        var book = CacheBook()
        let system = PromptBlock(Self.text(2000), marker: .oneHour)
        func turn(_ letters: String, at: Int) -> CacheReading {
            var prompt = [system] + letters.map { PromptBlock(Self.text(100, $0)) }
            if let last = prompt.popLast() { prompt.append(PromptBlock(last.text, marker: .fiveMinutes)) }
            return Self.ask(&book, prompt, .markers(minimum: 1024), at: at)
        }
        let first = turn("a", at: 0)
        #expect((first.read, first.writtenOneHour, first.writtenFiveMinutes) == (0, 2000, 100))
        let second = turn("abc", at: 60)
        #expect((second.read, second.writtenOneHour, second.writtenFiveMinutes) == (2100, 0, 200))
        let afterTenMinutes = turn("abc", at: 660)
        #expect((afterTenMinutes.read, afterTenMinutes.writtenFiveMinutes) == (2000, 300))
        let afterAnHourMore = turn("abc", at: 660 + 3601)
        #expect((afterAnHourMore.read, afterAnHourMore.writtenOneHour) == (0, 2000))
    }

    @Test(arguments: [(added: 19, read: 2000), (added: 20, read: 0)])
    func anthropicLooksTwentyBlocksBack(added: Int, read: Int) {
        var book = CacheBook()
        let first = PromptBlock(Self.text(2000), marker: .fiveMinutes)
        _ = Self.ask(&book, [first], .markers(minimum: 1024), at: 0)
        var prompt = [PromptBlock(first.text)] + (0..<added).map { PromptBlock(Self.text(10) + "\($0)") }
        // What is no content block is not counted.
        prompt.insert(PromptBlock("user", isContent: false), at: 5)
        prompt[prompt.count - 1] = PromptBlock("end", marker: .fiveMinutes)
        #expect(Self.ask(&book, prompt, .markers(minimum: 1024), at: 1).read == read)
    }

    @Test func whatIsNoContentChangesEveryPrefixAfterIt() {
        var book = CacheBook()
        func prompt(_ choice: String) -> [PromptBlock] {
            [
                PromptBlock(Self.text(1100), marker: .fiveMinutes), PromptBlock(choice, isContent: false),
                PromptBlock(Self.text(1100), marker: .fiveMinutes),
            ]
        }
        let rule = CacheRule.markers(minimum: 1024)
        #expect(Self.ask(&book, prompt("auto"), rule, at: 0).written == 2200)
        let changed = Self.ask(&book, prompt("any"), rule, at: 1)
        #expect((changed.read, changed.written) == (1100, 1100))
    }

    @Test func theBookStaysWithinItsCapacityAndLosesTheLeastRecentlyUsed() {
        var book = CacheBook(capacity: 32)
        let kept = [PromptBlock(Self.text(1024, "k"))]
        _ = Self.ask(&book, kept, .openAI, at: 0)
        for round in 0..<2000 {
            let other = [PromptBlock("\(round) " + Self.text(1024))]
            #expect(Self.ask(&book, other, .openAI, at: 1).read == 0)
            #expect(book.count <= 32)
            #expect(Self.ask(&book, kept, .openAI, at: 1).read == 1024, "round \(round)")
        }
        #expect(Self.ask(&book, [PromptBlock("0 " + Self.text(1024))], .openAI, at: 1).read == 0)
    }

    @Test func noneNeverReads() {
        var book = CacheBook()
        for at in 0...1 {
            #expect(Self.ask(&book, [PromptBlock(Self.text(3000))], .none, at: at) == CacheReading(total: 3000))
        }
    }
}
