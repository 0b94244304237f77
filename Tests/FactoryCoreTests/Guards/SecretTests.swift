import FactoryCore
import Testing

/// The fixtures are put together at run time, so that no file of ours looks like it holds a credential.
@Suite struct SecretTests {
    private static let body = "q7Zk2TgXw9LmR4sVb8NyPc3HdFj6KaUe5WtYn1QxGv7BzMi0oSrElDhJpCuTfAkZ93XmWqLs8RvNg2Yb"
    private static let upper = "Q7ZK2TGXW9LMR4SVB8NY"

    private static func random(_ count: Int) -> String { String(body.prefix(count)) }
    private static func begin(_ kind: String) -> String { ["-----BEGIN ", kind, "KEY-----"].joined() }
    private static func joined(_ parts: String...) -> String { parts.joined() }

    static let real: [(String, String)] = [
        ("an AWS access key id", joined("AK", "IA", String(upper.prefix(16)))),
        ("an AWS access key id", joined("AS", "IA", String(upper.prefix(16)))),
        ("a GitHub token", joined("gh", "p_", random(36))), ("a GitHub token", joined("gh", "o_", random(36))),
        ("a GitHub token", joined("gh", "s_", random(36))),
        ("a GitHub token", joined("github", "_pat_", random(22), "_", random(59))),
        ("a GitLab token", joined("gl", "pat-", random(20))),
        ("a Slack token", joined("xo", "xb-2314567890-2314567891-", random(24))),
        ("a Google API key", joined("AI", "za", random(35))),
        ("an Anthropic API key", joined("sk", "-ant-api03-", body)),
        ("an OpenAI API key", joined("sk", "-proj-", body)), ("an OpenAI API key", joined("sk", "-", random(48))),
        ("an npm token", joined("np", "m_", random(36))), ("a PyPI token", joined("py", "pi-AgEI", body)),
        ("a Stripe live key", joined("sk", "_live_", random(24))),
        ("a private key", joined(begin("RSA PRIVATE "), "\n", random(64), "\n")),
        ("a private key", joined(begin("OPENSSH PRIVATE "), "\\n", random(70), "\\n")),
        ("a private key", joined(begin("PRIVATE "), "\r\n  ", random(64), "\r\n")),
        ("a private key", joined(begin("EC PRIVATE "), "\nProc-Type: 4,ENCRYPTED\n\n", random(64))),
    ]

    static let harmless: [String] = [
        joined("AK", "IAIOSFODNN7EXAMPLE"), joined("AK", "IAXXXXXXXXXXXXXXXX"),
        joined("AK", "IA", String(upper.prefix(12))), joined("AK", "IA", upper),
        joined("gh", "p_", String(repeating: "x", count: 36)), joined("gh", "p_", String(repeating: "0", count: 36)),
        joined("gh", "p_<your token here, thirty-six characters>"), "ghp_", joined("my", "gh", "p_", random(36)),
        joined("gl", "pat-your-token-goes-here"), "sk-loading-spinner-with-a-very-long-name-for-a-css-class",
        joined("task-", random(40)), joined("sk", "-ant-api03-..."), joined("sk", "_test_", random(24)),
        joined(begin("PUBLIC "), "\n", random(64)), joined(begin("PRIVATE "), "\n...\n-----END PRIVATE KEY-----"),
        joined("if text.hasPrefix(\"", begin("PRIVATE "), "\") { return }"), "-----BEGIN", joined("AI", "za"), "",
        joined(begin("PRIVATE "), "\n", String(repeating: "x", count: 64)),
    ]

    @Test(arguments: real) func `real credentials are found wherever they stand`(_ row: (String, String)) {
        let (kind, secret) = row
        for text in [
            secret, "key = \"\(secret)\"\n", "a\nb: \(secret)", "\(secret),x", "url://u:\(secret)@host", "\\n\(secret)",
        ] {
            let findings = SecretScanner.findings(in: Array(text.utf8))
            #expect(findings.map(\.kind) == [kind], "\(text)")
        }
        let bytes: [UInt8] = [0xFF, 0, 0x0A] + Array(secret.utf8) + [0xFE]
        #expect(SecretScanner.findings(in: bytes).map(\.line) == [2])
    }

    @Test(arguments: real) func `no credential is shown`(_ row: (String, String)) {
        let objections = AddedSecret().objections(to: file("a.env", nil, row.1))
        #expect(objections.map(\.rule) == ["secret"])
        #expect(objections.allSatisfy { !$0.message.contains(row.1.prefix(5)) })
        #expect(objections.first?.message == "a.env holds \(row.0) (\(row.1.prefix(4))…); remove it and revoke it")
    }

    @Test(arguments: harmless)
    func `placeholders, fragments and look-alikes pass`(_ text: String) {
        #expect(SecretScanner.findings(in: Array(text.utf8)).map(\.description) == [])
    }

    @Test func `a credential that stood before is not brought in again`() {
        let secret = Self.real[2].1
        #expect(AddedSecret().objections(to: file("a", "k = \(secret)", "key = \(secret)")) == [])
        #expect(AddedSecret().objections(to: file("a", secret, nil), file("b", nil, secret)) == [])
        #expect(AddedSecret().objections(to: file("a", secret, "")) == [])
        let second = Self.real[3].1
        #expect(AddedSecret().objections(to: file("a", secret, "\(secret)\n\(second)")).map(\.line) == [2])
    }

    @Test func `random bytes hold none`() {
        var random = Seeded(state: 3)
        let bytes = (0..<200_000).map { _ in UInt8.random(in: 32...126, using: &random) }
        #expect(SecretScanner.findings(in: bytes).map(\.description) == [])
    }
}
