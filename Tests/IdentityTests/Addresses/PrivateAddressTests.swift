import Identity
import Testing

@Suite struct PrivateAddressTests {
    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.168.0.1", "192.0.2.1", "198.18.0.1", "198.19.255.255",
        "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "2002:7f00:1::",
        "2002:a9fe:a9fe::1", "2002:c0a8:101::1", "2001::1", "2001:db8::1", "fc00::1", "fd12:3456::1", "fdff:ffff::",
        "fe80::1",
        "febf::1", "fec0::1", "ff02::1", "100::1", "3fff::1", "5f00::1",
    ])
    func closedAddresses(text: String) throws {
        #expect(try #require(IPAddress(text)).isPrivateOrLoopback)
        #expect(PrivateAddress.isPrivateOrLoopback(text))
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2606:4700::1111",
        "2001:4860:4860::8888", "2a00:1450::1", "fbff::1",
    ])
    func openAddresses(text: String) throws {
        #expect(try #require(IPAddress(text)).isPrivateOrLoopback == false)
        #expect(!PrivateAddress.isPrivateOrLoopback(text))
    }

    @Test(arguments: ["", "example.com", "0x7f.1", "8.8.8.8:53", "010.8.8.8"])
    func whatIsNoAddressIsClosed(text: String) {
        #expect(PrivateAddress.isPrivateOrLoopback(text))
    }
}
