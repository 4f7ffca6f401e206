import Telemetry
import Testing

@Suite struct SecretMaskTests {
    @Test(arguments: [
        (name: "none", secrets: ["sk-secret"], text: "all fine", masked: "all fine"),
        ("middle", ["sk-secret"], "key sk-secret is wrong", "key *** is wrong"),
        ("twice, touching", ["abcd"], "abcdabcd", "******"), ("whole", ["abcd"], "abcd", "***"),
        ("cut short", ["abcdef"], "abcde", "abcde"), ("longest first", ["abcd", "abcdef"], "xabcdefx", "x***x"),
        ("overlap with itself", ["aaab"], "aaaab", "a***"), ("non-ASCII around", ["geheim"], "é geheim 模", "é *** 模"),
        ("no secrets", [], "text", "text"), ("empty and tiny secrets do nothing", ["", "a", "abc"], "abc", "abc"),
    ])
    func secretsAreReplaced(_ row: (name: String, secrets: [String], text: String, masked: String)) {
        #expect(SecretMask(secrets: row.secrets).masked(row.text) == row.masked, "\(row.name)")
    }
}
