import FactoryCore
import Testing

struct HostRuleTests {
    @Test(arguments: [
        ("api.example.com", "api.example.com", 443, true), ("api.example.com", "api.example.com", 80, true),
        ("api.example.com", "api.example.com", 22, false), ("api.example.com:8443", "api.example.com", 8443, true),
        ("api.example.com:8443", "api.example.com", 443, false), ("API.Example.COM.", "api.example.com", 443, true),
        ("api.example.com", "xapi.example.com", 443, false),
        ("api.example.com", "api.example.com.evil.net", 443, false),
        ("example.com", "api.example.com", 443, false), ("*.example.com", "api.example.com", 443, true),
        ("*.example.com", "a.b.example.com", 80, true), ("*.example.com", "example.com", 443, false),
        ("*.example.com", "badexample.com", 443, false), ("*.example.com:8080", "a.example.com", 443, false),
        ("127.0.0.1:8080", "127.0.0.1", 8080, true), ("127.0.0.1:8080", "127.0.0.1", 8081, false),
        ("127.0.0.1:8080", "127.1", 8080, false), ("127.0.0.1:8080", "localhost", 8080, false),
        ("[::1]:80", "::1", 80, true),
    ])
    func `a host is reached by its own name and port alone`(_ rule: String, _ host: String, _ port: Int, _ does: Bool)
        throws
    {
        #expect(try #require(HostRule(rule)).allows(host, port: port) == does)
    }

    @Test(arguments: [
        "", "*", "*.", "https://a.com", "a.com/", "a b", "a..com", ".com", "a.com:", "a.com:0", "a.com:65536",
        "a.com:x",
        "*.1.2.3.4", "*.[::1]", "[a.com]", "::1", "user@a.com", "a.com\n", "ä.com", "a,b",
    ])
    func `what is no host is no rule`(_ text: String) { #expect(HostRule(text) == nil) }

    @Test func `every name is every name, and no address`() {
        let rule = HostRule.everyName
        #expect(rule.allows("registry.example.org", port: 443) && rule.allows("localhost", port: 80))
        #expect(!rule.allows("registry.example.org", port: 22))
        for address in ["127.0.0.1", "0x7f.1", "2130706433", "10.1", "::1", "8.8.8.8", "127.0.0.0x1"] {
            #expect(!rule.allows(address, port: 443), "\(address)")
        }
    }

    @Test(arguments: ["a.example.com", "*.example.com:81", "[fe80::1]:443", "10.0.0.1"])
    func `a rule is written as it is read`(_ text: String) { #expect(HostRule(text)?.description == text) }
}
