import FoundationEssentials
import Identity
import Testing

@Suite struct PermissionTests {
    private func caller(_ change: (inout Caller) -> Void) -> Caller {
        var caller = Caller(userID: UUID(), keyID: UUID(), plan: "pro")
        change(&caller)
        return caller
    }

    @Test(
        arguments: [
            (nil, "anything", true), ([], "chat", false), (["chat"], "chat", true), (["chat"], "chats", false),
            (["chat"], "Chat", false), (["chat"], "", false), (["gpt-*"], "gpt-4o", true), (["gpt-*"], "gpt-", true),
            (["gpt-*"], "gpt", false), (["gpt-*"], "xgpt-4o", false), (["*"], "anything", true), (["*"], "", true),
            (["a", "b*"], "bc", true), (["a*b"], "acb", false), (["a*b"], "a*b", true),
            (["caf\u{E9}"], "cafe\u{301}", false),
            (["e*"], "e\u{301}", true),
        ] as [([String]?, String, Bool)])
    func modelsAreLiteralOrAPrefix(allowed: [String]?, model: String, may: Bool) {
        #expect(caller { $0.allowedModels = allowed }.mayUse(model: model) == may)
    }

    @Test(
        arguments: [
            (nil, Int64.max, false), (100, 99, false), (100, 100, true), (100, 101, true), (0, 0, true),
            (Int64.min, 0, true),
        ] as [(Int64?, Int64, Bool)])
    func aKeyIsExpiredFromItsTimeOn(expiresAt: Int64?, now: Int64, isExpired: Bool) {
        #expect(caller { $0.expiresAt = expiresAt }.isExpired(atSeconds: now) == isExpired)
    }

    @Test(
        arguments: [
            (nil, nil, true), (nil, "garbage", true), ([], "10.0.0.1", false), (["10.0.0.0/8"], "10.200.3.4", true),
            (["10.0.0.0/8"], "11.0.0.1", false), (["10.0.0.0/8"], nil, false), (["10.0.0.0/8"], "10.0.0.1:80", false),
            (["10.0.0.0/8"], "::ffff:10.0.0.1", true), (["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", true),
            (["192.0.2.7"], "192.0.2.7", true), (["192.0.2.7"], "192.0.2.8", false),
            (["broken", ""], "10.0.0.1", false),
            (["broken", "0.0.0.0/0"], "10.0.0.1", true), (["0.0.0.0/0"], "::1", false),
        ] as [([String]?, String?, Bool)])
    func addressesMustBeInARange(ranges: [String]?, address: String?, may: Bool) {
        #expect(caller { $0.allowedIPs = ranges }.mayCall(fromAddress: address) == may)
    }
}
