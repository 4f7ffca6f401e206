/// Reads what vendors say an operation used (references of OpenAI, Ark, Jina, Cohere, SiliconFlow and DashScope, read
/// 2026-11).
struct OperationUsage {
    private let bytes: UnsafeRawBufferPointer
    private let index: JSONIndex
    private var counts = ReportedUsage()
    private var hasCounts = false
    private(set) var units = OperationUnits()

    init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        self.bytes = bytes
        self.index = index
    }

    /// In OpenAI's inclusive meaning, input and output both known; nil: no tokens were reported.
    ///
    /// Where a total stands alone, what is not output is input.
    var tokens: ReportedUsage? {
        guard hasCounts else { return nil }
        var usage = counts
        if let total = usage.total {
            switch (usage.prompt, usage.completion) {
            case (nil, let output):
                let (rest, overflow) = total.subtractingReportingOverflow(output ?? 0)
                usage.prompt = overflow ? nil : max(0, rest)
                usage.isMalformed = usage.isMalformed || overflow || rest < 0
                usage.completion = output ?? 0
            case (let input?, nil):
                let (rest, overflow) = total.subtractingReportingOverflow(input)
                usage.completion = overflow ? 0 : max(0, rest)
                usage.isMalformed = usage.isMalformed || overflow || rest < 0
            case (.some, .some): break
            }
        }
        usage.prompt = usage.prompt ?? 0
        usage.completion = usage.completion ?? 0
        return usage
    }

    /// Reads the `usage` object at `node`; anything but an object says nothing.
    mutating func read(usage node: Int) {
        guard index.kind(of: node) == .object else { return }
        counts.span = index.span(node)
        for (key, value) in index.members(of: node) {
            if means(key, "prompt_tokens") || means(key, "input_tokens") {
                counts.prompt = token(value) ?? counts.prompt
            } else if means(key, "completion_tokens") || means(key, "output_tokens") {
                counts.completion = token(value) ?? counts.completion
            } else if means(key, "total_tokens") {
                counts.total = token(value) ?? counts.total
            } else if means(key, "input_tokens_details") || means(key, "input_token_details")
                || means(key, "prompt_tokens_details")
            {
                readInput(value)
            } else if means(key, "output_tokens_details") || means(key, "output_token_details")
                || means(key, "completion_tokens_details")
            {
                readOutput(value)
            } else if means(key, "generated_images") || means(key, "image_count") || means(key, "output_image_count") {
                units.images = count(value) ?? units.images
            } else if means(key, "seconds") {
                units.soundMilliseconds = milliseconds(value) ?? units.soundMilliseconds
            } else if means(key, "search_units") {
                units.searchUnits = count(value) ?? units.searchUnits
            } else if means(key, "characters") {
                units.characters = count(value) ?? units.characters
            }
        }
    }

    /// Reads the `meta` object of a ranking at `node`; what `usage` said stays.
    mutating func read(meta node: Int) {
        let hadCounts = hasCounts
        for (key, value) in index.members(of: node) where index.kind(of: value) == .object {
            let isBilled = means(key, "billed_units")
            guard isBilled || means(key, "tokens") else { continue }
            if isBilled, let search = index.member("search_units", of: value, in: bytes) {
                units.searchUnits = units.searchUnits ?? count(search)
            }
            guard !hadCounts else { continue }
            counts.span = index.span(node)
            for (key, value) in index.members(of: value) {
                if means(key, "input_tokens") {
                    counts.prompt = token(value) ?? counts.prompt
                } else if means(key, "output_tokens") {
                    counts.completion = token(value) ?? counts.completion
                } else if means(key, "total_tokens") {
                    counts.total = token(value) ?? counts.total
                }
            }
        }
    }

    /// Reads the `svg_usage` object at `node`: another model's tokens.
    mutating func read(svgUsage node: Int) {
        for (key, value) in index.members(of: node) {
            if means(key, "input_tokens") {
                units.svgInputTokens = count(value)
            } else if means(key, "output_tokens") {
                units.svgOutputTokens = count(value)
            }
        }
    }

    private mutating func readInput(_ node: Int) {
        for (key, value) in index.members(of: node) {
            if means(key, "cached_tokens") {
                counts.cached = token(value)
            } else if means(key, "audio_tokens") {
                counts.promptAudio = token(value)
            } else if means(key, "image_tokens") {
                units.inputImageTokens = token(value)
            }
        }
    }

    private mutating func readOutput(_ node: Int) {
        for (key, value) in index.members(of: node) {
            if means(key, "reasoning_tokens") {
                counts.reasoning = token(value)
            } else if means(key, "audio_tokens") {
                counts.completionAudio = token(value)
            } else if means(key, "image_tokens") {
                units.outputImageTokens = token(value)
            }
        }
    }

    private mutating func token(_ value: Int) -> Int64? {
        guard index.kind(of: value) != .null else { return nil }
        hasCounts = true
        return count(value)
    }

    private mutating func count(_ value: Int) -> Int64? {
        if index.kind(of: value) == .null { return nil }
        guard let count = index.int64(value, in: bytes), count >= 0 else {
            counts.isMalformed = true
            return nil
        }
        return count
    }

    /// Seconds may have a fraction; a thousand days at most are believed.
    private mutating func milliseconds(_ value: Int) -> Int64? {
        if index.kind(of: value) == .null { return nil }
        guard let seconds = index.double(value, in: bytes), seconds >= 0, seconds <= 86_400_000 else {
            counts.isMalformed = true
            return nil
        }
        return Int64((seconds * 1_000).rounded(.up))
    }

    private func means(_ node: Int, _ name: StaticString) -> Bool {
        index.means(node, name, in: bytes)
    }
}

extension OperationAnswer {
    /// What the usage object at `node` says; anything but an object says nothing.
    ///
    /// - Returns: `tokens` in OpenAI's inclusive meaning, `prompt` and `completion` both set; nil: none were reported.
    package static func usage(
        _ node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex
    ) -> (tokens: ReportedUsage?, units: OperationUnits) {
        var usage = OperationUsage(bytes, index: index)
        usage.read(usage: node)
        return (usage.tokens, usage.units)
    }
}
