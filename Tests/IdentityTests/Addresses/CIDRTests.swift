import Identity
import Testing

@Suite struct CIDRTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0", true), ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.0.0.0/8", "9.255.255.255", false), ("10.1.2.3/8", "10.9.9.9", true),
        ("192.168.1.128/25", "192.168.1.127", false),
        ("192.168.1.128/25", "192.168.1.128", true), ("1.2.3.4", "1.2.3.4", true), ("1.2.3.4", "1.2.3.5", false),
        ("1.2.3.4/32", "1.2.3.4", true), ("1.2.3.4/31", "1.2.3.5", true), ("0.0.0.0/0", "255.255.255.255", true),
        ("0.0.0.0/0", "::1", false), ("::/0", "2001:db8::1", true), ("::/0", "1.2.3.4", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("2001:db8::/64", "2001:db8::ffff:0:0:1", true), ("2001:db8::/64", "2001:db8:0:1::", false),
        ("2001:db8::/65", "2001:db8::7fff:0:0:1", true), ("2001:db8::/65", "2001:db8::8000:0:0:1", false),
        ("2001:db8::/63", "2001:db8:0:1::1", true), ("2001:db8::1/128", "2001:db8::1", true),
        ("2001:db8::1", "2001:db8::2", false),
        ("::ffff:10.0.0.0/104", "10.3.4.5", true), ("::ffff:10.0.0.0/104", "11.3.4.5", false),
        ("10.0.0.0/8", "::ffff:10.3.4.5", true), ("::ffff:0.0.0.0/96", "8.8.8.8", true),
    ])
    func containsItsAddresses(range: String, address: String, isInside: Bool) throws {
        let cidr = try #require(CIDR(range))
        #expect(cidr.contains(try #require(IPAddress(address))) == isInside)
        #expect(cidr.contains(address) == isInside)
        #expect(!cidr.contains(address + "x"))
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/8",
        "10.0.0.0/ 8",
        "10.0.0/8", "010.0.0.0/8", "10.0.0.0/255.0.0.0", "::/129", "::/1280", "::ffff:1.2.3.4/95", "localhost/8", "*",
    ])
    func refusesWhatIsNoRange(text: String) {
        #expect(CIDR(text) == nil)
    }

    @Test func theSameRangeIsEqualHoweverWritten() {
        #expect(CIDR("10.1.2.3/8") == CIDR("10.0.0.0/8"))
        #expect(CIDR("::ffff:10.0.0.0/104") == CIDR("10.0.0.0/8"))
        #expect(CIDR("10.0.0.0/8") != CIDR("10.0.0.0/9"))
    }

    /// Against counting bits one by one.
    @Test func agreesWithComparingBitByBit() {
        var state: UInt64 = 11
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
        func bits(_ number: UInt32) -> [Bool] { (0..<32).map { number >> UInt32(31 - $0) & 1 == 1 } }
        func text(_ number: UInt32) -> String {
            [24, 16, 8, 0].map { String(number >> UInt32($0) & 255) }.joined(separator: ".")
        }
        for round in 0..<5_000 {
            let base = UInt32(truncatingIfNeeded: next())
            let length = Int(next() >> 32) % 33
            let other = base ^ (UInt32.max >> UInt32(next() >> 32 & 31)) & UInt32(truncatingIfNeeded: next())
            let expected = bits(base).prefix(length) == bits(other).prefix(length)
            #expect(CIDR("\(text(base))/\(length)")?.contains(.v4(other)) == expected, "round \(round)")
        }
    }
}
