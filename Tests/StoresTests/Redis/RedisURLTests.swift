import Testing

@testable import Stores

@Suite struct RedisURLTests {
    struct Good: Sendable {
        var text: String
        var host = "h"
        var port: UInt16 = 6379
        var user: String?
        var password: String?
        var database: UInt32 = 0
    }

    @Test(arguments: [
        Good(text: "redis://h"),
        Good(text: "REDIS://h/"),
        Good(text: "redis://h:7000/3", port: 7000, database: 3),
        Good(text: "redis://:secret@h", password: "secret"),
        Good(text: "redis://u:p%40%3A%2F@h:1/0", port: 1, user: "u", password: "p@:/"),
        Good(text: "redis://127.0.0.1:6379/0", host: "127.0.0.1"),
        Good(text: "redis://[::1]:6380/1", host: "::1", port: 6380, database: 1),
    ])
    func isTakenApart(_ good: Good) throws {
        let url = try RedisURL(good.text)
        #expect(url.host == good.host)
        #expect(url.port == good.port)
        #expect(url.user == good.user)
        #expect(url.password == good.password)
        #expect(url.database == good.database)
    }

    @Test(arguments: [
        ("rediss://h", RedisURL.TextError.tls), ("http://h", .scheme), ("h:6379", .scheme), ("", .scheme),
        ("redis://", .host), ("redis://h%00x", .host), ("redis://:p@", .host), ("redis://h:0", .port),
        ("redis://h:70000", .port), ("redis://h/x", .database), ("redis://h/-1", .database),
        ("redis://h/4294967296", .database), ("redis://h/1/2", .database), ("redis://u@h", .user),
        ("redis://h?db=1", .excess), ("redis://h#1", .excess),
    ])
    func isRefusedForWhatIsWrong(_ text: String, _ expected: RedisURL.TextError) {
        #expect(throws: expected) { try RedisURL(text) }
    }

    @Test func showsNoPassword() throws {
        let url = try RedisURL("redis://somebody:canary@[::1]:1/2")
        #expect("\(url) \(String(reflecting: url))" == "redis://[::1]:1/2 redis://[::1]:1/2")
    }
}
