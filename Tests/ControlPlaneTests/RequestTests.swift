import FoundationEssentials
import Metering
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct RequestTests {
    private let bench = Bench()

    private func record() throws -> UsageRecord {
        var record = UsageRecord(
            id: try #require(UUID(uuidString: "11111111-2222-4333-8444-555555555555")),
            userID: try #require(UUID(uuidString: "AAAAAAAA-2222-4333-8444-555555555555")),
            apiKeyID: try #require(UUID(uuidString: "BBBBBBBB-2222-4333-8444-555555555555")), model: "chat",
            createdAtMicroseconds: Bench.now, status: .success)
        record.provider = "openai"
        record.upstreamModel = "gpt-4o"
        record.usage.uncachedInput = 10
        record.usage.cacheRead = 60
        record.usage.cacheWrite5m = 5
        record.usage.cacheWrite1h = 1
        record.usage.visibleOutput = 7
        record.usage.reasoning = 3
        record.cost = NanoUSD(units: 127_000)
        record.vendorCost = NanoUSD(units: 100_000)
        record.latencyMicroseconds = 12_500
        record.timeToFirstTokenMicroseconds = 3_499
        record.httpStatus = 200
        record.isStream = true
        record.vendorUsage = #"{"prompt_tokens":76,"cost":0.10}"#
        record.attempts = [
            AttemptRecord(
                provider: "spare", upstreamModel: "m", providerKeyID: "main", httpStatus: 500, latencyMicroseconds: 900,
                errorType: "http_500"),
            AttemptRecord(provider: "openai", upstreamModel: "gpt-4o", providerKeyID: "main", httpStatus: 200),
        ]
        return record
    }

    private let line: JSONValue = [
        "id": "11111111-2222-4333-8444-555555555555", "client_request_id": nil,
        "user_id": "aaaaaaaa-2222-4333-8444-555555555555", "api_key_id": "bbbbbbbb-2222-4333-8444-555555555555",
        "model": "chat", "provider": "openai", "prompt_tokens": 76, "completion_tokens": 10, "cache_read_tokens": 60,
        "cache_write_tokens": 6, "cost_usd": "0.000127", "cache_saved_usd": "0", "latency_ms": 13, "status": "success", "estimated": false,
        "created_at": "2026-11-21T04:31:07.250Z",
    ]

    @Test func aLineHasTheContractsFields() async throws {
        let record = try record()
        bench.store.state.withLock { $0.records = [record] }
        let reply = try await bench.call("GET", "/admin/requests")
        #expect(reply.json == ["data": [line], "next": nil])
        #expect(bench.gateway.takeTold() == ["flush"])
    }

    @Test func oneRequestHasItsAttemptsAndTheVendorsCost() async throws {
        let record = try record()
        bench.store.state.withLock { $0.records = [record] }
        let reply = try await bench.call("GET", "/admin/requests/11111111-2222-4333-8444-555555555555")
        #expect(reply.json["cost_usd"] == "0.000127")
        #expect(reply.json["vendor_cost_usd"] == "0.0001")
        #expect(reply.json["time_to_first_token_ms"] == 3)
        #expect(reply.json["vendor_usage"]?["cost"] == .number("0.10"))
        let attempts = reply.json["attempts"]?.items ?? []
        #expect(attempts.map { $0["error_type"] } == ["http_500", .null])
        #expect(attempts.map { $0["http_status"] } == [500, 200])
        #expect(bench.gateway.takeTold() == ["flush"])
    }

    @Test func brokenVendorUsageIsShownAsText() async throws {
        var record = try record()
        record.vendorUsage = #"{"cut"#
        bench.store.state.withLock { [record] in $0.records = [record] }
        let reply = try await bench.call("GET", "/admin/requests/\(record.id.text)")
        #expect(reply.json["vendor_usage"] == .string(#"{"cut"#))
    }

    @Test func everyFilterReachesTheStore() async throws {
        let query = [
            "user=AAAAAAAA-2222-4333-8444-555555555555", "key=bbbbbbbb-2222-4333-8444-555555555555",
            "model=openai%2Fgpt+4",
            "provider=openai", "status=cancelled", "from=2026-11-21T00:00:00Z", "to=2026-11-22", "limit=7",
            "after=abc%3D",
        ]
        #expect(try await bench.call("GET", "/admin/requests?" + query.joined(separator: "&")).status == 200)
        var expected = RequestQuery()
        expected.user = UUID(uuidString: "AAAAAAAA-2222-4333-8444-555555555555")
        expected.key = UUID(uuidString: "BBBBBBBB-2222-4333-8444-555555555555")
        expected.model = "openai/gpt 4"
        expected.provider = "openai"
        expected.status = .cancelled
        expected.from = 1_795_219_200_000_000
        expected.to = 1_795_305_600_000_000
        expected.limit = 7
        expected.after = "abc="
        #expect(bench.store.state.withLock { $0.lastQuery } == expected)
    }

    @Test(arguments: [
        "2026-11-21T01:00:00%2B01:00", "2026-11-21T01:00:00+01:00", "2026-11-20T23:00:00-01:00", "2026-11-21",
        "2026-11-21T00:00:00.000000Z",
    ])
    func aMomentMayBeWrittenInSeveralWays(_ moment: String) async throws {
        #expect(try await bench.call("GET", "/admin/requests?from=\(moment)").status == 200)
        #expect(bench.store.state.withLock { $0.lastQuery?.from } == 1_795_219_200_000_000)
    }

    @Test(arguments: [
        (query: "user=me", param: "user"), ("key=sk-tr-x", "key"), ("status=ok", "status"), ("from=yesterday", "from"),
        ("to=2026-13-01", "to"), ("to=1795219200", "to"), ("from=%F0%9F%99%82", "from"), ("limit=0", "limit"),
        ("limit=1001", "limit"), ("user_id=x", "user_id"), ("model=\(String(repeating: "m", count: 501))", "model"),
    ])
    func aBadFilterIsRefusedByParameter(_ row: (query: String, param: String)) async throws {
        let reply = try await bench.call("GET", "/admin/requests?\(row.query)")
        #expect(reply.status == 400, "\(row.query)")
        #expect(reply.param == row.param, "\(row.query)")
    }

    @Test func aQueryThatDoesNotDecodeIsRefused() async throws {
        for query in ["model=%", "model=%zz", "model=%ff", "%e2%82=1"] {
            #expect(try await bench.call("GET", "/admin/requests?\(query)").status == 400)
        }
    }

    @Test func thePageSaysWhereTheNextBegins() async throws {
        let record = try record()
        bench.store.state.withLock { $0.records = [record, record] }
        let reply = try await bench.call("GET", "/admin/requests?limit=1")
        #expect(reply.json["next"] == "cursor")
        #expect(reply.json["data"]?.items.count == 1)
    }

    @Test func usageIsSummedByWhatIsAsked() async throws {
        bench.store.state.withLock { state in
            state.sums = [
                UsageSum(
                    group: ["chat", "2026-11-21"], requests: 2, promptTokens: 3, completionTokens: 4,
                    cacheReadTokens: 5,
                    cacheWriteTokens: 6, cost: NanoUSD(units: 7))
            ]
        }
        let reply = try await bench.call("GET", "/admin/usage?group_by=model,day&from=2026-11-21&to=2026-11-22")
        let sum: JSONValue = [
            "model": "chat", "day": "2026-11-21", "requests": 2, "prompt_tokens": 3, "completion_tokens": 4,
            "cache_read_tokens": 5, "cache_write_tokens": 6, "cost_usd": "0.000000007", "cache_saved_usd": "0",
        ]
        #expect(reply.json["data"]?.items == [sum])
        let asked = try #require(bench.store.state.withLock { $0.lastUsage })
        #expect(asked.dimensions == [.model, .day])
        #expect(asked.from == 1_795_219_200_000_000 && asked.to == 1_795_305_600_000_000)
        #expect(bench.gateway.takeTold() == ["flush"])
    }

    @Test func missesAreListedWithTheirCauseAndSummedUp() async throws {
        var record = try record()
        record.cacheMiss = CacheMiss(
            cause: .blockChanged, block: 1, blockKind: "system", missedTokens: 4_000, lost: NanoUSD(units: 9_000))
        bench.store.state.withLock { [record] in $0.records = [record] }
        let reply = try await bench.call("GET", "/admin/cache/misses?cause=block_changed&model=chat&limit=5")
        let entry = try #require(reply.json["data"]?.items.first)
        #expect(entry["cause"] == "block_changed")
        #expect(entry["block"] == 1)
        #expect(entry["block_kind"] == "system")
        #expect(entry["missed_tokens"] == 4_000)
        #expect(entry["lost_usd"] == "0.000009")
        let sum: JSONValue = [
            "cause": "block_changed", "count": 1, "missed_tokens": 4_000, "lost_usd": "0.000009",
        ]
        #expect(reply.json["causes"]?.items == [sum])
        let asked = try #require(bench.store.state.withLock { $0.lastMissQuery })
        #expect(asked.cause == .blockChanged)
        #expect(asked.requests.model == "chat")
        #expect(asked.requests.limit == 5)
    }

    @Test func anUnknownCauseIsRefusedByName() async throws {
        let reply = try await bench.call("GET", "/admin/cache/misses?cause=bad+luck")
        #expect(reply.status == 400)
        #expect(reply.json["error"]?["param"] == "cause")
    }

    @Test func usageWithoutGroupsIsOneSum() async throws {
        #expect(try await bench.call("GET", "/admin/usage").status == 200)
        #expect(bench.store.state.withLock { $0.lastUsage?.dimensions } == [])
    }

    @Test(arguments: ["colour", "model,model", "model,", ",", "model day"])
    func aBadGroupIsRefused(_ groups: String) async throws {
        let path = "/admin/usage?group_by=\(groups.split(separator: " ").joined(separator: "%20"))"
        let reply = try await bench.call("GET", path)
        #expect(reply.status == 400)
        #expect(reply.param == "group_by")
    }
}
