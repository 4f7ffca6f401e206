import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Simulator

/// Faults that break the connection, and clients that leave: each on a connection of its own.
struct ConnectionFaultTests {
    private static func connection(of client: SimulatorClient) throws -> TestClient {
        let connection = TestClient(
            host: "localhost", port: try #require(client.client.port), configuration: .init(timeout: .seconds(15)))
        connection.connect()
        return connection
    }

    private static func request(model: String, streams: Bool) -> TestClient.Request {
        TestClient.Request(
            "/v1/chat/completions", method: .post, authority: "localhost",
            headers: [.authorization: "Bearer key", .connection: "keep-alive"],
            body: ByteBuffer(
                string: #"{"model":"\#(model)","stream":\#(streams),"messages":[{"role":"user","content":"hello"}]}"#))
    }

    private static func counts(_ client: SimulatorClient, _ kind: String) async throws -> [String: Int] {
        let tree = try await client.send(.get, "/_simulator/stats", key: nil).tree().at(kind)
        return Dictionary(uniqueKeysWithValues: (tree.members ?? []).map { ($0.name, $0.value.integer ?? -1) })
    }

    /// Asks for the counts until they are so; each question is a round trip.
    private static func reach(
        _ client: SimulatorClient, _ kind: String, _ name: String, _ value: Int
    ) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if try await counts(client, kind)[name] == value { return true }
            await Task.yield()
        }
        return false
    }

    @Test(arguments: ["reset", "cut=3", "cut", "stream-error=1"], [true, false])
    func aBrokenAnswerIsNotWhole(fault: String, streams: Bool) async throws {
        try await SimulatorClient.run { client in
            let connection = try Self.connection(of: client)
            if fault.hasPrefix("stream-error"), !streams {
                let response = try await connection.execute(Self.request(model: "m!\(fault)", streams: streams))
                #expect(response.status == .internalServerError)
            } else {
                await #expect(throws: (any Error).self) {
                    try await connection.execute(Self.request(model: "m!\(fault)", streams: streams))
                }
                #expect(try await Self.reach(client, streams ? "streams" : "whole", "broken", 1))
            }
            try? await connection.shutdown()
            #expect(try await client.chat("still there").status == 200)
        }
    }

    @Test(arguments: ["stall", "stall=2", "interval=10m", "latency=10m", "interval=5ms!tokens=5000"], [true, false])
    func aClientThatLeavesCancelsItsAnswer(words: String, streams: Bool) async throws {
        try await SimulatorClient.run { client in
            let connection = try Self.connection(of: client)
            let kind = streams ? "streams" : "whole"
            let asking = Task { try await connection.execute(Self.request(model: "m!\(words)", streams: streams)) }
            #expect(try await Self.reach(client, kind, "started", 1))
            #expect(try await Self.counts(client, kind)["active"] == 1)
            try await connection.close()
            #expect(try await Self.reach(client, kind, "cancelled", 1))
            let counts = try await Self.counts(client, kind)
            #expect(counts == ["started": 1, "finished": 0, "cancelled": 1, "broken": 0, "active": 0])
            asking.cancel()
            _ = await asking.result
            try? await connection.shutdown()
        }
    }

    @Test func finishedStreamsAreCountedAndKeepTheConnection() async throws {
        try await SimulatorClient.run { client in
            for _ in 0..<5 { _ = try await client.chat("x", more: #","stream":true"#) }
            _ = try await client.chat("x")
            let streams = try await Self.counts(client, "streams")
            #expect(streams == ["started": 5, "finished": 5, "cancelled": 0, "broken": 0, "active": 0])
            #expect(try await Self.counts(client, "whole")["finished"] == 1)
        }
    }
}
