import FactoryCore
import Testing

/// What must not be kept of what programs print. The fixtures are those of the secret guard.
@Suite struct RedactionTests {
    private func clean(_ text: String, _ values: [String: String] = [:]) -> String {
        String(decoding: Redaction(values: values).clean(Array(text.utf8)), as: UTF8.self)
    }

    @Test(arguments: SecretTests.real) func `a credential is replaced by what it was`(kind: String, secret: String) {
        #expect(clean("key=\(secret)\n-----END KEY-----\nnext").hasPrefix("key=[redacted: \(kind)]"))
        #expect(!clean("a \(secret) b").contains(secret))
    }

    @Test(arguments: SecretTests.harmless) func `what only looks like one stays`(text: String) {
        #expect(clean("a \(text) b") == "a \(text) b")
    }

    @Test func `a private key goes with all of its lines`() {
        let lines = (0..<20).map { _ in String(SecretTests.real[9].1.suffix(64)) }.joined(separator: "\n")
        let key = ["-----BEGIN ", "PRIVATE KEY-----\n", lines, "\n-----END ", "PRIVATE KEY-----"].joined()
        #expect(clean("before\n\(key)\nafter") == "before\n[redacted: a private key]\nafter")
        #expect(clean("before\n\(key.dropLast(30))") == "before\n[redacted: a private key]")
    }

    @Test func `the values of variables are taken out by name, the longest first`() {
        let values = ["SHORT": "1234567", "TOKEN": "hunter2-hunter2", "LONG": "hunter2-hunter2-and-more"]
        #expect(clean("hunter2-hunter2\u{0}x", values) == "[redacted: TOKEN]\u{0}x")
        #expect(clean("hunter2-hunter2-and-more 1234567", values) == "[redacted: LONG] 1234567")
        #expect(clean("hunter2-hunterhunter2-hunter2", values) == "hunter2-hunter[redacted: TOKEN]")
    }

    @Test func `bytes that are no text pass through`() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Redaction(values: ["A": "zzzzzzzz"]).clean(bytes) == bytes)
        #expect(Redaction().clean([]) == [])
    }
}
