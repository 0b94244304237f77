import FactoryConfig
import FactoryCore
import Testing

@Suite struct QuarantineTests {
    private func read(_ text: String) throws -> Configuration {
        try ConfigFile(
            parsing: """
                agents: { default: { command: [a] } }
                checks: [{ name: test, run: a }, { name: e2e, run: b }]
                \(text)
                """
        ).configuration
    }

    private func messages(_ text: String) -> String {
        do {
            _ = try read(text)
            return ""
        } catch { return "\(error)" }
    }

    @Test func `an entry counts through its last day and is reported after it`() throws {
        let read = try read("quarantine: [{ check: e2e, until: 2026-12-24, reason: \"flaky: see #7\" }]")
        let (before, last, after) = try (day("2026-12-01"), day("2026-12-24"), day("2026-12-25"))
        #expect(read.quarantine == [Quarantine(check: "e2e", until: last, reason: "flaky: see #7")])
        #expect(read.quarantine(of: "e2e", on: before) == last && read.quarantine(of: "e2e", on: last) == last)
        #expect(read.quarantine(of: "e2e", on: after) == nil && read.quarantine(of: "test", on: last) == nil)
        #expect(read.quarantineFaults(on: last) == [])
        #expect(
            read.quarantineFaults(on: after) == [
                "the quarantine of the check e2e has ended on 2026-12-24: it counts again"
            ])
    }

    @Test func `an entry for a check that there is not is reported, not refused`() throws {
        let read = try read("quarantine: [{ check: e2f, until: 2026-12-24, reason: x }]")
        #expect(read.quarantineFaults(on: try day("2026-12-01")).first?.contains("e2f, which there is not") == true)
    }

    @Test func `one check must be left, whatever the day`() {
        let all =
            "quarantine: [{ check: e2e, until: 2026-12-24, reason: x }, { check: test, until: 2000-01-01, reason: x }]"
        #expect(messages(all).contains("every check is in quarantine"))
    }

    @Test(arguments: [
        ("quarantine: [{ check: e2e, until: soon, reason: x }]", "no day"),
        ("quarantine: [{ check: e2e, until: 2026-12-24 }]", "has no reason"),
        ("quarantine: [{ check: e2e, reason: x }]", "has no until"),
        ("quarantine: [{ until: 2026-12-24, reason: x }]", "has no check"), ("quarantine: e2e", "is not a list"),
        ("check-slots: 0", "out of range"), ("check-slots: 65", "out of range"),
    ])
    func `what is wrong is said`(_ text: String, _ words: String) { #expect(messages(text).contains(words)) }

    @Test func `without check slots as many run as pull requests are worked`() throws {
        #expect(try read("concurrency: 3").checkRunsAtOnce == 3)
        #expect(try read("concurrency: 3\ncheck-slots: 2").checkRunsAtOnce == 2)
        #expect(try read("").checkRunsAtOnce == 1)
    }

    private func day(_ text: String) throws -> Day { try #require(Day(text)) }
}
