/// What a vendor's accounts used, model by model: what its bill would be made of.
struct AccountBooks: Sendable {
    /// Tokens of one account and model. Input is all of the prompts, read and written included.
    struct Totals: Sendable, Equatable {
        var requests = 0
        var input = 0
        var read = 0
        var writtenFiveMinutes = 0
        var writtenOneHour = 0
        var output = 0
    }

    private struct Account: Hashable {
        let key: String
        let model: String
    }

    /// Accounts beyond that are not kept.
    private static let mostAccounts = 4_096

    private var totals: [Account: Totals] = [:]

    mutating func add(_ reading: CacheReading, output: Int, account key: String, model: String) {
        let account = Account(key: key, model: model)
        guard totals.count < Self.mostAccounts || totals[account] != nil else { return }
        totals[account, default: Totals()].add(reading, output: output)
    }

    /// The models of one account with what each used, by name.
    func models(ofAccount key: String) -> [(model: String, totals: Totals)] {
        totals.filter { $0.key.key == key }.map { ($0.key.model, $0.value) }.sorted { $0.0 < $1.0 }
    }
}

extension AccountBooks.Totals {
    mutating func add(_ reading: CacheReading, output tokens: Int) {
        requests += 1
        input += reading.total
        read += reading.read
        writtenFiveMinutes += reading.writtenFiveMinutes
        writtenOneHour += reading.writtenOneHour
        output += tokens
    }

    var tree: JSONTree {
        [
            "requests": .int(requests), "input_tokens": .int(input), "cache_read_tokens": .int(read),
            "cache_write_tokens": .int(writtenFiveMinutes), "cache_write_1h_tokens": .int(writtenOneHour),
            "output_tokens": .int(output),
        ]
    }
}
