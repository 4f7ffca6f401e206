import Foundation
import Metering
import NIOCore
import Pipeline

/// What `explain` prints.
struct ExplainReport: Encodable {
    struct Row: Encodable {
        var block: Int
        var kind: String
        var tokensA: Int64?
        var tokensB: Int64?
        var same: Bool
    }

    struct Parting: Encodable {
        var block: Int
        var kind: String
        var byteA: Int
        var byteB: Int
        var excerptA: String
        var excerptB: String
    }

    /// Something in B's instructions that the next request is likely to have otherwise.
    struct Volatile: Encodable {
        var kind: String
        var byte: Int
        var text: String
        /// It went to the prompt's end, where it costs nothing.
        var moved: Bool

        init(_ text: VolatileText, in body: ByteBuffer) {
            kind = text.kind.name
            byte = text.span.lowerBound
            self.text =
                body.getSlice(at: body.readerIndex + text.span.lowerBound, length: text.span.count)
                .map { String(buffer: $0) } ?? ""
            moved = text.isMoved
        }
    }

    /// Something beside the prompts that the vendor's cache wants equal.
    struct Change: Encodable {
        var name: String
        /// As it is written; nil: absent.
        var a: String?
        var b: String?
        /// What is served all the same: nothing, tools, or tools and instructions.
        var keeps: String
    }

    var blocks: [Row]
    /// What both begin with, to the byte; an estimate, as all tokens here.
    var commonTokens: Int64
    /// Of those what a cache that A filled serves, by the vendor's rules.
    var servedTokens: Int64
    /// What it would serve more if nothing differed.
    var lostTokens: Int64
    var tokensA: Int64
    var tokensB: Int64
    var parting: Parting?
    var changes: [Change]
    var provider: String
    var model: String
    var minimumTokens: Int64
    var volatile: [Volatile]
    /// What B's input costs more than if `lostTokens` were read; nil: the model has no built-in price.
    var lostUSD: String?
    private let rulesText: String
    private let possibleTokens: Int64

    private enum CodingKeys: String, CodingKey {
        case blocks, commonTokens, servedTokens, lostTokens, tokensA, tokensB, parting, changes, provider, model, minimumTokens
        case volatile, lostUSD
    }

    init(
        _ comparison: PrefixComparison, _ reckoning: CacheReckoning, provider: String, model: String, price: Price?,
        volatile: [Volatile]
    ) {
        self.provider = provider
        self.model = model
        self.volatile = volatile
        blocks = comparison.rows.enumerated().map { place, row in
            Row(
                block: place, kind: (row.second ?? row.first)?.kind.name ?? "", tokensA: row.first?.estimatedTokens,
                tokensB: row.second?.estimatedTokens, same: row.isSame)
        }
        commonTokens = comparison.commonTokens
        servedTokens = reckoning.servedTokens
        lostTokens = reckoning.lostTokens
        possibleTokens = reckoning.possibleTokens
        minimumTokens = reckoning.rules.minimumTokens
        rulesText = reckoning.rulesText
        tokensA = comparison.firstTokens
        tokensB = comparison.secondTokens
        parting = comparison.parting.map {
            Parting(
                block: $0.row, kind: $0.kind.name, byteA: $0.firstOffset, byteB: $0.secondOffset,
                excerptA: $0.firstExcerpt, excerptB: $0.secondExcerpt)
        }
        changes = reckoning.changes.map {
            Change(name: $0.change.name, a: $0.change.first, b: $0.change.second, keeps: Self.words($0.keeps))
        }
        guard let price else { return }
        var missed = TokenUsage()
        missed.cacheRead = lostTokens
        lostUSD = CostEngine.cacheSaving(of: missed, at: price).decimalText
    }

    /// The prompts part, or the cache is another one.
    var differs: Bool { parting != nil || !changes.isEmpty }

    private static func words(_ tier: CacheTier) -> String {
        switch tier {
        case .nothing: "nothing"
        case .tools: "tools"
        case .instructions: "tools and instructions"
        }
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    var text: String {
        (table + [""] + partingLines + changes.map(line) + servedLines + volatile.map(line) + costLines)
            .joined(separator: "\n") + "\n"
    }

    private var table: [String] {
        ["block  kind           tokens A  tokens B"]
            + blocks.map { row in
                let mark = row.same ? "same" : row.block == parting?.block ? "DIFFERENT" : ""
                return Self.padded("\(row.block)", 7) + Self.padded(row.kind, 15) + Self.padded(Self.count(row.tokensA), 10)
                    + Self.padded(Self.count(row.tokensB), 10) + mark
            }
    }

    private var partingLines: [String] {
        guard let parting else {
            return [
                changes.isEmpty
                    ? "Neither parts from the other." : "Neither prompt parts from the other, but the cache is another one:"
            ]
        }
        return [
            "They part in block \(parting.block) (\(parting.kind)), byte \(parting.byteA) of A, \(parting.byteB) of B:",
            "  A: …\(parting.excerptA)…",
            "  B: …\(parting.excerptB)…",
        ]
    }

    private func line(_ change: Change) -> String {
        "Another \(change.name), \(change.a ?? "none") in A and \(change.b ?? "none") in B: \(provider) then serves "
            + (change.keeps == "nothing" ? "nothing of what A filled." : "no more than \(change.keeps).")
    }

    private var servedLines: [String] {
        let rules = "Reckoned by \(provider)'s rules for \(model): it caches \(rulesText)."
        if possibleTokens == 0 {
            let most = min(tokensA, tokensB)
            return [
                rules, "Of the \(most) tokens that could be served nothing is, being below \(minimumTokens): nothing is lost.",
            ]
        }
        let served = "A cache that A filled serves about \(servedTokens) of B's \(tokensB) tokens"
        let isShort = servedTokens == 0 && commonTokens > 0 && commonTokens < minimumTokens
        return [rules, served + (isShort ? ": the \(commonTokens) in common are below \(minimumTokens)." : ".")]
    }

    private func line(_ text: Volatile) -> String {
        let end = text.moved ? "moved behind the last question." : "what follows it is not read again; `--arrange full` moves it."
        return "B's instructions hold a \(text.kind) at byte \(text.byte), '\(text.text)': \(end)"
    }

    private var costLines: [String] {
        guard differs, possibleTokens > 0 else { return [] }
        guard lostTokens > 0 else { return ["Nothing is lost by that."] }
        guard let lostUSD else {
            return ["\(model) has no built-in price: --model names a model that has, to tell what it costs."]
        }
        let behind = "(\(lostTokens) tokens, \(model), list price)"
        return ["Reading all of A from the cache would have saved another \(lostUSD) USD \(behind)."]
    }

    private static func count(_ tokens: Int64?) -> String { tokens.map(String.init) ?? "–" }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
