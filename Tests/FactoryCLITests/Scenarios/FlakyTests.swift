import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Checks that do not know` {
    /// Red once, then green, and it notes each of its runs.
    private static let once = """
          - { name: test, run: 'echo run >> "$TORTURE/checks"; [ -e lib/1.txt ] || exit 0; mkdir "$TORTURE/once" 2> /dev/null && { echo unlucky; exit 3; }; echo fine', env: [TORTURE] }
        """

    @Test(.timeLimit(.minutes(1)))
    func `two answers about one tree are flaky: they count for nothing and are hidden from nobody`() async throws {
        let world = try await World.play(checks: Self.once)
        try await world.expectLanding()
        let pr = try await world.pr(1)
        #expect(pr.counts[.implementationCI]?.returns == 0)
        #expect(try await world.checkRuns() == 2)
        #expect(try world.starts().count == 4)
        let check = try #require(pr.tested?.checks.first)
        #expect(check.isFlaky && check.isGreen && check.first?.exit == 3)
        #expect(try world.left("test.log", in: "implementation-ci-1") == "unlucky\n")
        let again = try #require(try world.left("again/test.log", in: "implementation-ci-1"))
        #expect(again.contains("fine\n") && again.contains("the check is flaky"))
        #expect(try await world.factory("show", "1").contains("green, flaky: it exited with 3 before"))
        #expect(try await world.why().contains("test: green, flaky"))
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        #expect(certificate["checks"]?.array?.first?["flaky"]?.bool == true)
        let logs = try await world.factory("logs", "1", "--stage", "implementation-ci")
        #expect(logs.contains("unlucky") && logs.contains("again/test.log"), "\(logs)")
        #expect(try await world.factory("report").contains("flaky 1 time in 1 run"))
        let report = try JSON(parsing: Array(await world.factory("report", "--json").utf8))
        #expect(report["flaky"]?.array?.first?["flakes"]?.int == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `red twice is red, and the second look is at a fresh lane`() async throws {
        let world = try await World.play(
            configuration: "retries: { implementation-ci: 0 }",
            checks: """
                  - { name: test, run: 'echo run >> "$TORTURE/checks"; [ -e lib/1.txt ] || exit 0; [ ! -e junk ] || echo junk; touch junk; exit 4', env: [TORTURE] }
                  - { name: lint, run: 'true' }
                """)
        try await world.expectParking()
        #expect(try await world.checkRuns() == 2)
        for log in ["test.log", "again/test.log"] {
            #expect(try world.left(log, in: "implementation-ci-1")?.contains("junk") != true, "\(log)")
        }
        #expect(try world.left("again/lint.log", in: "implementation-ci-1") == nil)
        #expect(try await world.factory("show", "1").contains("exited with 4, red for the second time"))
        #expect(try await world.pr(1).counts[.implementationCI]?.returns == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a check that runs out of time is not asked again`() async throws {
        let world = try await World.play(
            configuration: "retries: { implementation-ci: 0 }",
            checks:
                "  - { name: slow, run: 'echo run >> \"$TORTURE/checks\"; [ -e lib/1.txt ] || exit 0; sleep 100', timeout: 1s, env: [TORTURE] }"
        )
        try await world.expectParking()
        #expect(try await world.checkRuns() == 1)
    }

    private static let two = """
          - { name: test, run: 'true' }
          - { name: e2e, run: 'echo run >> "$TORTURE/checks"; [ -e lib/1.txt ] || exit 0; echo no such page; exit 5', env: [TORTURE] }
        """

    @Test(.timeLimit(.minutes(1)))
    func `a red check in quarantine runs, is told of and keeps nobody from landing`() async throws {
        let world = try await World.play(
            configuration: "quarantine: [{ check: e2e, until: 2999-12-24, reason: the page moved }]", checks: Self.two)
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 1)
        let check = try #require(try await world.pr(1).tested?.checks.last)
        #expect(check.exit == 5 && check.quarantine == Day("2999-12-24"))
        #expect(try await world.factory("show", "1").contains("exited with 5, in quarantine until 2999-12-24"))
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        #expect(certificate["checks"]?.array?.last?["quarantine"]?.string == "2999-12-24")
        let report = try await world.factory("report")
        #expect(report.contains("e2e  does not count until 2999-12-24: the page moved"), "\(report)")
        #expect(try await world.ask(World.program, ["doctor"]).output.contains("WARN  the check e2e does not count"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a quarantine that is over counts for nothing, and is found`() async throws {
        let world = try await World.play(
            configuration: """
                retries: { implementation-ci: 0 }
                quarantine: [{ check: e2e, until: 2020-12-24, reason: x }, { check: gone, until: 2999-12-24, reason: x }]
                """, checks: Self.two)
        try await world.expectParking()
        #expect(try await world.checkRuns() == 2)
        #expect(try await world.why().contains("exited with 5 (e2e)"))
        let doctor = try await world.ask(World.program, ["doctor"]).output
        #expect(doctor.contains("the quarantine of the check e2e has ended on 2020-12-24"), "\(doctor)")
        #expect(doctor.contains("names the check gone, which there is not"), "\(doctor)")
        #expect(try await world.factory("report").contains("counts again"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a change that touches none but checks in quarantine gets them all`() async throws {
        let world = try await World.play(
            configuration: "quarantine: [{ check: e2e, until: 2999-12-24, reason: x }]",
            checks: """
                  - { name: test, run: 'true', paths: [src/**] }
                  - { name: e2e, run: 'false', paths: [lib/**] }
                """)
        try await world.expectLanding()
        #expect(try await world.pr(1).tested?.checks.map(\.name) == ["test", "e2e"])
    }
}
