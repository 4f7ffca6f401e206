/// Answers of `:generateContent`, complete as Gemini sends them (Google's API types, 2026-11).
struct GeminiForm: AnswerForm {
    let request: SimulatedRequest
    let identifier: String
    let cache: CacheReading
    /// `alt=sse`; otherwise a stream is one JSON array.
    let isEvents: Bool

    var streamType: String { isEvents ? "text/event-stream" : "application/json" }

    var garbage: String { isEvents ? "data: {\"candidates\":[{\"content\":\n\n" : ",{\"candidates\":[{\"content\":" }

    func streamError(after events: Int) -> String {
        let body = GeminiError(status: 503, message: "The model is overloaded. Please try again later.").body
        return isEvents ? StreamStep.data(body).text : (events == 0 ? "[" : ",") + body.compactText + "]"
    }

    func body(of answer: SimulatedAnswer) -> JSONTree {
        let candidates = answer.choices.enumerated().map { index, choice -> JSONTree in
            candidate(index, parts: parts(of: choice), ending: choice)
        }
        return chunk(candidates, tokens: answer.tokens - answer.reasoningTokens, thoughts: answer.reasoningTokens)
    }

    private func candidate(_ index: Int, parts: [JSONTree], ending: SimulatedAnswer.Choice?) -> JSONTree {
        var members: [JSONTree.Member] = []
        // What the safety filter stopped has no content at all.
        if ending?.finish != .refusal { members.append(.init("content", ["parts": .array(parts), "role": "model"])) }
        if let ending {
            members.append(.init("finishReason", .string(Self.reason(ending.finish))))
            if ending.finish == .refusal { members.append(.init("finishMessage", .string(ending.refusal))) }
        }
        members.append(.init("index", .int(index)))
        return .object(members)
    }

    /// A call of a tool is an ordinary stop here.
    private static func reason(_ finish: SimulatedAnswer.Finish) -> String {
        switch finish {
        case .stop, .stopSequence, .toolCalls: "STOP"
        case .length: "MAX_TOKENS"
        case .refusal: "SAFETY"
        }
    }

    private func chunk(_ candidates: [JSONTree], tokens: Int, thoughts: Int) -> JSONTree {
        var members: [JSONTree.Member] = [.init("candidates", .array(candidates))]
        if !request.directives.hidesUsage { members.append(.init("usageMetadata", usage(tokens, thoughts: thoughts))) }
        members += [.init("modelVersion", .string(request.model)), .init("responseId", .string(identifier))]
        return .object(members)
    }

    /// Counters of zero are left out, as proto3 does.
    private func usage(_ tokens: Int, thoughts: Int) -> JSONTree {
        func details(_ count: Int) -> JSONTree { [["modality": "TEXT", "tokenCount": .int(count)]] }
        var members: [JSONTree.Member] = [.init("promptTokenCount", .int(cache.total))]
        if cache.read > 0 { members.append(.init("cachedContentTokenCount", .int(cache.read))) }
        if tokens > 0 { members.append(.init("candidatesTokenCount", .int(tokens))) }
        members.append(.init("totalTokenCount", .int(cache.total + tokens + thoughts)))
        members.append(.init("promptTokensDetails", details(cache.total)))
        if cache.read > 0 { members.append(.init("cacheTokensDetails", details(cache.read))) }
        if thoughts > 0 { members.append(.init("thoughtsTokenCount", .int(thoughts))) }
        return .object(members)
    }

    /// From Gemini 3 on every step with calls is signed; text only after thoughts.
    private func signature(of choice: SimulatedAnswer.Choice) -> JSONTree? {
        let isThought = !choice.reasoning.isEmpty
        let isSigned = isThought || !choice.toolCalls.isEmpty && ModelFamily(request.baseModel).wantsThoughtSignatures
        return isSigned ? .string(Seal.gemini.seal(of: choice.toolCalls.first?.name ?? choice.reasoning)) : nil
    }

    private func thought(_ text: String) -> JSONTree { ["text": .string(text), "thought": true] }

    private var showsThoughts: Bool { request.showsThinking && !request.directives.redactsThinking }

    private func parts(of choice: SimulatedAnswer.Choice) -> [JSONTree] {
        var parts: [JSONTree] = []
        if !choice.reasoning.isEmpty, showsThoughts { parts.append(thought(choice.reasoning)) }
        guard choice.toolCalls.isEmpty else { return parts + calls(of: choice) }
        var members: [JSONTree.Member] = [.init("text", .string(choice.text))]
        if let signature = signature(of: choice) { members.append(.init("thoughtSignature", signature)) }
        return parts + [.object(members)]
    }

    /// The first one alone is signed.
    private func calls(of choice: SimulatedAnswer.Choice) -> [JSONTree] {
        choice.toolCalls.enumerated().map { position, call in
            var members: [JSONTree.Member] = [
                .init(
                    "functionCall", ["name": .string(call.name), "args": call.arguments, "id": .string(call.id)])
            ]
            if position == 0, let signature = signature(of: choice) {
                members.append(.init("thoughtSignature", signature))
            }
            return .object(members)
        }
    }
}

extension GeminiForm {
    /// Chunks of new parts with the usage so far, thoughts first; the last one of each candidate has its finish. Calls
    /// come whole and all at once.
    func stream(of answer: SimulatedAnswer) -> [StreamStep] {
        var chunks: [(value: JSONTree, tokens: Int)] = []
        var tokens = 0
        var thoughts = 0
        for (index, choice) in answer.choices.enumerated() {
            func add(_ parts: [JSONTree], ending: SimulatedAnswer.Choice? = nil, cost: Int) {
                chunks.append(
                    (chunk([candidate(index, parts: parts, ending: ending)], tokens: tokens, thoughts: thoughts), cost))
            }
            var unseen = 0
            for token in SimulatedTokenizer.tokens(of: choice.reasoning) {
                thoughts += 1
                if showsThoughts { add([thought(token)], cost: 1) } else { unseen += 1 }
            }
            for token in SimulatedTokenizer.tokens(of: choice.text) {
                tokens += 1
                add([["text": .string(token)]], cost: 1 + unseen)
                unseen = 0
            }
            let rest = choice.tokens - choice.reasoningTokens - SimulatedTokenizer.count(choice.text)
            tokens += rest
            var last = calls(of: choice)
            if last.isEmpty {
                var members: [JSONTree.Member] = [.init("text", "")]
                if let signature = signature(of: choice) { members.append(.init("thoughtSignature", signature)) }
                last = [.object(members)]
            }
            add(last, ending: choice, cost: rest + unseen)
        }
        return steps(chunks)
    }

    private func steps(_ chunks: [(value: JSONTree, tokens: Int)]) -> [StreamStep] {
        guard !isEvents else { return chunks.map { .data($0.value, tokens: $0.tokens) } }
        return chunks.enumerated().map { position, chunk in
            StreamStep((position == 0 ? "[" : ",\r\n") + chunk.value.compactText, tokens: chunk.tokens)
        } + [StreamStep("]")]
    }
}
