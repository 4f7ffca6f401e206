import FoundationEssentials
import NIOCore
import Pipeline
import Testing
import Wire

/// What the pipeline promises: a request's prompt begins as the one before it did.
///
/// Over generated sessions, from clients of every form to vendors of every kind, under every setting, with what encoders of JSON
/// leave to chance drawn anew in each request. `TOKENROUTER_PREFIX_ROUNDS` asks for so many sessions in each place of one.
struct PrefixStabilityTests {
    private static let rounds = ProcessInfo.processInfo.environment["TOKENROUTER_PREFIX_ROUNDS"].flatMap(UInt64.init) ?? 1

    private static let arrangements: [(arrange: PipelineOptions.Arrangement, noise: Spelling.Noise)] = [
        (.off, .none), (.safe, .encoding), (.full, .stamps),
    ]

    private static let marks: [PipelineOptions.CacheMarks] = [.auto, .off, .client]

    /// Speaks every form.
    private static let simulator = PrefixTarget(kind: "simulator", model: "gpt-5.6-sol")

    /// Without a bound of the history every prompt, up to its last message's end, is a prefix of the next; in `full` up to what
    /// was moved to its end.
    @Test(arguments: RequestForm.allCases, PrefixTarget.all)
    func aPromptBeginsAsTheOneBefore(_ form: RequestForm, _ target: PrefixTarget) throws {
        for round in 0..<Self.rounds {
            for (arrange, noise) in Self.arrangements {
                for (place, cache) in Self.marks.enumerated() {
                    let seed = Self.seed(round, form, target, place)
                    let run = try SessionRun(
                        seed: seed, from: form, to: target, Prompts.options(arrange, cache: cache), noise: noise)
                    let sent = try run.sent(seed: seed)
                    let broken = Self.breaks(in: sent)
                    #expect(broken.isEmpty, "seed \(seed), \(arrange), \(cache): \(broken.first.map { Self.told(sent, $0) } ?? "")")
                    #expect(
                        Self.missing(in: sent) == nil,
                        "seed \(seed), \(arrange), \(cache): \(Self.missing(in: sent).map { sent[$0].client } ?? "")")
                }
            }
        }
    }

    /// Cuts of a history of T tokens that the client sends whole: at most T ÷ half of the bound. Tools and instructions stay in any
    /// case, but for what the system says between turns: it becomes an instruction where the turns before it go.
    @Test(arguments: RequestForm.allCases, PrefixTarget.all)
    func aPromptOfACutHistoryBeginsAsTheOneBeforeButForTheCuts(_ form: RequestForm, _ target: PrefixTarget) throws {
        for round in 0..<Self.rounds {
            for (place, (arrange, noise)) in Self.arrangements.enumerated() where arrange != .off {
                let seed = Self.seed(round, form, target, place)
                let shape = SessionShape(turns: 8...11, rounds: 0...1, textLength: 10...40, hasReminders: seed % 2 == 0, depth: 1)
                let maximum = 1_000
                let run = try SessionRun(
                    seed: seed, from: form, to: target,
                    Prompts.options(arrange, maxHistoryTokens: maximum, cache: Self.marks[Int(seed % 3)]), noise: noise,
                    shape: shape)
                let sent = try run.sent(seed: seed)
                let broken = Self.breaks(in: sent)
                let history = try Self.historyTokens(of: run)
                #expect(broken.count <= history / (maximum / 2), "seed \(seed), \(arrange): \(broken) of \(history) tokens")
                #expect(!broken.isEmpty || history <= maximum, "seed \(seed), \(arrange): nothing was cut")
                #expect(Self.missing(in: sent) == nil, "seed \(seed), \(arrange)")
                guard !shape.hasReminders else { continue }
                let head = sent[0].prompt.head
                #expect(broken.allSatisfy { head.isPrefix(of: sent[$0].prompt) }, "seed \(seed), \(arrange)")
            }
        }
    }

    /// Where the client forgets turns itself, one with each it adds: at most T ÷ a quarter of the bound, if what it sends is longer
    /// than half of it, and no turn than a quarter.
    @Test(arguments: RequestForm.allCases, [PipelineOptions.Arrangement.safe, .full])
    func aHistoryThatTheClientForgetsIsCutInStrides(_ form: RequestForm, _ arrange: PipelineOptions.Arrangement) throws {
        for seed in 0..<Self.rounds {
            let shape = SessionShape(
                turns: 40...40, rounds: 0...0, textLength: 30...34, hasReminders: false, takesImages: false, takesFiles: false)
            let plain = try SessionRun(
                seed: seed, from: form, to: Self.simulator, Prompts.options(.off), noise: .none, shape: shape)
            let history = try Self.historyTokens(of: plain)
            let run = try SessionRun(
                seed: seed, from: form, to: Self.simulator, Prompts.options(arrange, maxHistoryTokens: history * 16 / 40),
                noise: arrange == .safe ? .encoding : .stamps, shape: shape, window: 18)
            let sent = try run.sent(seed: seed)
            let broken = Self.breaks(in: sent)
            #expect(broken.count <= 10, "seed \(seed): \(broken)")
            #expect(Self.missing(in: sent) == nil, "seed \(seed)")
        }
    }

    /// What means the same leaves as the same bytes: chance in the client's encoder is evened out wholly.
    @Test(arguments: RequestForm.allCases, PrefixTarget.oneForEachForm)
    func noiseLeavesNoTrace(_ form: RequestForm, _ target: PrefixTarget) throws {
        for round in 0..<Self.rounds {
            for (place, (arrange, noise)) in Self.arrangements.enumerated() where arrange != .off {
                let seed = Self.seed(round, form, target, place)
                let options = Prompts.options(arrange, cache: .client)
                let noisy = try SessionRun(seed: seed, from: form, to: target, options, noise: noise).sent(seed: seed)
                let clean = try SessionRun(seed: seed, from: form, to: target, options, noise: .none).sent(seed: seed)
                for (one, other) in zip(noisy, clean) {
                    let before = one.prompt.before(one.stamps)
                    // Behind what is moved may stand a reminder.
                    let isSame = one.stamps.isEmpty ? before == other.prompt : before.isPrefix(of: other.prompt)
                    #expect(
                        isSame,
                        "seed \(seed), \(arrange): \(RenderedPrompt.difference(before, other.prompt))\n\(one.client)")
                }
            }
        }
    }

    /// Over requests of one session, of the same one spelled otherwise, and of ones that differ from it in one place: two agree in
    /// a hash of the chain exactly where the prompts that leave agree up to there, in every byte of the tools and in what all else
    /// means.
    @Test(arguments: RequestForm.allCases, arrangements.map(\.arrange))
    func chainsAgreeWherePromptsDo(_ form: RequestForm, _ arrange: PipelineOptions.Arrangement) throws {
        for seed in 0..<(4 &* Self.rounds) {
            var prompts: [UInt64: String] = [:]
            var hashes: [String: UInt64] = [:]
            let cache = Self.marks[1 + Int(seed % 2)]
            let options = Prompts.options(arrange, maxHistoryTokens: seed % 3 == 0 ? 400 : 0, cache: cache)
            for variant in 0..<6 as Range<UInt64> {
                let noise: Spelling.Noise = variant == 0 ? .none : variant % 2 == 0 ? .encoding : .stamps
                let run = try SessionRun(
                    seed: seed, from: form, to: Self.simulator, options, noise: noise,
                    changed: variant < 3 ? nil : variant)
                for sent in try run.sent(seed: variant) {
                    for (hash, prompt) in try Self.chain(of: sent, form) {
                        #expect(prompts[hash] ?? prompt == prompt, "seed \(seed): one hash, two prompts:\n\(prompt)")
                        #expect(hashes[prompt] ?? hash == hash, "seed \(seed): one prompt, two hashes:\n\(prompt)")
                        prompts[hash] = prompt
                        hashes[prompt] = hash
                    }
                }
            }
            #expect(prompts.count > 3, "seed \(seed): there is little to compare")
        }
    }

    /// Each step's hash, and all that leaves up to there.
    private static func chain(of sent: SessionRun.Sent, _ form: RequestForm) throws -> [(hash: UInt64, prompt: String)] {
        var steps = try sent.body.withUnsafeReadableBytes { try PromptReader($0).steps(form) }
        let hashes = sent.prepared.steps.chain
        // A message that holds what was moved belongs to the one before it.
        if steps.count == hashes.count + 1, let last = steps.popLast() { steps[steps.count - 1] += "," + last.dropFirst() }
        try #require(steps.count == hashes.count)
        var prompt = ""
        return zip(hashes, steps).map { hash, step in
            prompt += step + "\n"
            return (hash, prompt)
        }
    }

    // MARK: What is held against the promise

    /// Another one for each place and round.
    private static func seed(_ round: UInt64, _ form: RequestForm, _ target: PrefixTarget, _ place: Int) -> UInt64 {
        let kind = PrefixTarget.all.firstIndex { $0.kind == target.kind && $0.model == target.model } ?? 0
        return ((round &* 13 &+ UInt64(kind)) &* 4 &+ UInt64(form.rawValue)) &* 3 &+ UInt64(place)
    }

    /// Requests whose prompts do not begin as the ones before them, by their places.
    private static func breaks(in sent: [SessionRun.Sent]) -> [Int] {
        sent.indices.dropFirst().filter { place in
            let earlier = sent[place - 1]
            return !earlier.prompt.before(earlier.stamps).isPrefix(of: sent[place].prompt)
        }
    }

    /// The first request whose prompt up to what was moved lacks what was said last: a prefix must not be short.
    private static func missing(in sent: [SessionRun.Sent]) -> Int? {
        sent.indices.first { place in
            let one = sent[place]
            return !one.prompt.before(one.stamps).contains(one.lastWord)
        }
    }

    private static func told(_ sent: [SessionRun.Sent], _ place: Int) -> String {
        let earlier = sent[place - 1]
        return "request \(place) parts \(RenderedPrompt.difference(earlier.prompt.before(earlier.stamps), sent[place].prompt))"
            + "\nbefore: \(earlier.client)\nthen: \(sent[place].client)"
    }

    /// Of the whole session, uncut.
    private static func historyTokens(of run: SessionRun) throws -> Int {
        let writer = SessionWriter(session: run.writer.session, client: run.writer.client, vendor: run.writer.vendor)
        let last = try #require(writer.session.points.last)
        let (text, _) = writer.request(last, Spelling(.none, seed: 0))
        let prepared = try Prompts.prepare(text, writer.client, Prompts.options(.off))
        return Int(prepared.blocks.filter { $0.kind == .historyTurn }.reduce(0) { $0 + $1.estimatedTokens })
    }
}
