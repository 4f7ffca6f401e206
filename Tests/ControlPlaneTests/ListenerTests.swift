import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct ListenerTests {
    @Test func itListensTellsItsPortAndAnswersOverASocket() async throws {
        let bench = Bench()
        let told = Told()
        let application = bench.server.makeApplication(
            address: "127.0.0.1", port: 0, onServerRunning: { port in told.port.withLock { $0 = port } },
            logger: Logger(label: "test"))
        try await application.test(.live) { client in
            #expect(client.port == told.port.withLock { $0 })
            let key: HTTPFields = [.authorization: "Bearer \(Bench.adminKey)"]
            #expect(
                try await client.executeRequest(uri: "/health", method: .get, headers: [:], body: nil).status == .ok)
            let refused = try await client.executeRequest(uri: "/admin/users", method: .get, headers: [:], body: nil)
            #expect(refused.status == .unauthorized)
            let body = ByteBuffer(string: #"{"email":"ada@example.com","name":"Ada","plan":"pro"}"#)
            let made = try await client.executeRequest(uri: "/admin/users", method: .post, headers: key, body: body)
            #expect(made.status == .created)
            let large = ByteBuffer(repeating: 0x20, count: 1_048_577)
            let tooLarge = try await client.executeRequest(
                uri: "/admin/users", method: .post, headers: key, body: large)
            #expect(tooLarge.status == .contentTooLarge)
        }
    }
}

/// What the listener said.
private final class Told: Sendable {
    let port = Mutex(0)
}
