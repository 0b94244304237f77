import FactoryCore
import Testing

@testable import FactoryForge

@Suite(.timeLimit(.minutes(3))) struct GitHubChecksTests {
    private func check(_ name: String, _ result: String, _ more: JSONObject = [:]) -> JSON {
        .object((["name": .string(name), "result": .string(result)] as JSONObject).merging(more))
    }

    @Test func `a candidate is shown on its branch and is green when all that is required is`() async throws {
        let world = try await CandidateWorld()
        try await world.script(check("test", "success", ["after_reads": 4]), check("docs", "failure"))
        let report = try await world.judge(["test"])
        #expect(report.verdict == .green)
        #expect(report.results.map(\.name) == ["github: test"])
        #expect(try await world.shown() == world.candidate)
        try await world.end()
    }

    @Test(arguments: ["skipped", "neutral", "cancelled", "action_required"])
    func `a required check that does not say success gives no verdict`(_ word: String) async throws {
        let world = try await CandidateWorld()
        try await world.script(check("test", word), more: ["app": "other"])
        let report = try await world.judge(["test"])
        #expect(report.verdict == .silent)
        #expect(report.summary.contains("github: test ended with \(word)"))
        try await world.end()
    }

    @Test(arguments: ["failure", "timed_out"])
    func `a required check that fails is red, with its words as evidence`(_ word: String) async throws {
        let world = try await CandidateWorld()
        try await world.script(check("test", word), more: ["app": "other"])
        let report = try await world.judge(["test"])
        #expect(report.verdict == .red)
        #expect(report.evidence.contains("Check github: test ended with \(word)."))
        #expect(report.results.first?.isGreen == false)
        try await world.end()
    }

    @Test func `without names all that is reported must be green, and must stand still`() async throws {
        let world = try await CandidateWorld()
        try await world.script(check("test", "success"), check("lint", "success", ["after_reads": 6]))
        let report = try await world.judge()
        #expect(report.verdict == .green)
        #expect(report.results.map(\.name).sorted() == ["github: lint", "github: test"])
        try await world.script(check("test", "success"), check("lint", "failure"), more: ["app": "other"])
        let second = try await world.checks.judge(PRNumber(7), candidate: world.other, required: [], wait: 600)
        #expect(second.verdict == .red)
        #expect(try await world.shown() == world.other)
        try await world.end()
    }

    @Test func `where no CI is at all, nothing is green`() async throws {
        let world = try await CandidateWorld()
        let report = try await world.judge(wait: 300)
        #expect(report.verdict == .silent)
        #expect(report.summary == "GitHub has not said all in time: nothing was reported")
        #expect(world.clock.slept.reduce(0, +) >= 299)
        // A handful of looks a minute at most.
        #expect(world.clock.slept.count <= 12)
        try await world.end()
    }

    @Test func `a required check that never comes, or never ends, is named`() async throws {
        let world = try await CandidateWorld()
        try await world.script(check("test", "never"), check("lint", "hung"), check("docs", "success"))
        let report = try await world.judge(["test", "lint", "docs"], wait: 120)
        #expect(report.verdict == .silent)
        #expect(report.summary.contains("`test` was not reported"))
        #expect(report.summary.contains("`lint` has not ended"))
        try await world.end()
    }

    @Test func `failed jobs are run once more, and what changes its mind is told`() async throws {
        let world = try await CandidateWorld()
        try await world.script(.object(["name": "test", "results": .of(["failure", "success"])]))
        let report = try await world.judge(["test"])
        #expect(report.verdict == .green)
        #expect(report.summary.contains("github: test ended with failure at first"))
        #expect(report.results.first?.isFlaky == true)
        #expect(try await world.fake.count("actions/re-run-workflow-failed-jobs") == 1)
        try await world.end()
    }

    @Test func `a re-run whose answer is lost is not asked for twice`() async throws {
        let world = try await CandidateWorld()
        try await world.script(
            .object(["name": "test", "results": .of(["failure", "success"]), "after_reads": 3]))
        try await world.fake.fault([
            "kind": "status", "status": 502, "when": "after", "method": "POST", "path": "/rerun-failed-jobs$",
        ])
        let report = try await world.judge(["test"])
        #expect(report.verdict == .green, "\(report.summary)")
        #expect(report.results.first?.isFlaky == true)
        #expect(try await world.fake.count("actions/re-run-workflow-failed-jobs") == 1)
        try await world.end()
    }

    @Test func `what fails twice is red, and is not run a third time`() async throws {
        let world = try await CandidateWorld()
        try await world.script(check("test", "failure"))
        let report = try await world.judge(["test"])
        #expect(report.verdict == .red)
        #expect(report.summary.contains("failed jobs were run twice"))
        #expect(try await world.fake.count("actions/re-run-workflow-failed-jobs") == 1)
        try await world.end()
    }

    @Test func `of two workflows with a job of one name, none hides the other`() async throws {
        let world = try await CandidateWorld()
        let red = CandidateWorld.workflow("python", check("test", "failure"))
        try await world.script([red, CandidateWorld.workflow("js", check("test", "success"))])
        let named = try await world.judge(["test"])
        #expect(named.verdict == .red)
        #expect(named.results.map(\.isGreen).sorted { !$0 && $1 } == [false, true])
        #expect(named.results.allSatisfy { !$0.isFlaky })
        let unnamed = try await world.judge()
        #expect(unnamed.verdict == .red)
        try await world.end()
    }

    @Test func `a job that is run again is told apart from the other workflow's of its name`() async throws {
        let world = try await CandidateWorld()
        let again: JSON = .object(["name": "test", "results": .of(["failure", "success"])])
        try await world.script([
            CandidateWorld.workflow("python", again), CandidateWorld.workflow("js", check("test", "success")),
        ])
        let report = try await world.judge(["test"])
        #expect(report.verdict == .green)
        #expect(report.results.map(\.isFlaky).sorted { !$0 && $1 } == [false, true])
        try await world.end()
    }

    @Test func `without the right to run again the first failure counts, and says so`() async throws {
        var permissions = CandidateWorld.permissions
        permissions["actions"] = nil
        let world = try await CandidateWorld(permissions: permissions)
        try await world.script(check("test", "failure"))
        let report = try await world.judge(["test"])
        #expect(report.verdict == .red)
        #expect(report.summary.contains("could not be run again"))
        try await world.end()
    }

    @Test func `what a ruleset and a protection require is required`() async throws {
        let world = try await CandidateWorld()
        try await world.script(check("test", "success"))
        try await world.fake.control(
            "ruleset",
            .object([
                "rules": .array([
                    .object([
                        "type": "required_status_checks",
                        "parameters": .object(["required_status_checks": .array([.object(["context": "by-rule"])])]),
                    ])
                ])
            ]))
        try await world.fake.control(
            "protection",
            .object([
                "branch": "main",
                "rules": .object([
                    "required_status_checks": .object([
                        "strict": true, "checks": .array([.object(["context": "by-protection"])]),
                    ])
                ]),
            ]))
        let report = try await world.judge(wait: 60)
        #expect(report.verdict == .silent)
        #expect(report.summary.contains("`by-rule` was not reported"))
        #expect(report.summary.contains("`by-protection` was not reported"))
        try await world.end()
    }

    @Test func `a commit status counts like a check`() async throws {
        let world = try await CandidateWorld()
        try await world.script(check("build", "failure"), more: ["kind": "status"])
        #expect(try await world.judge(["build"]).verdict == .red)
        try await world.end()
    }

    @Test func `faults on the way change nothing`() async throws {
        let world = try await CandidateWorld()
        try await world.script(.object(["name": "test", "results": .of(["failure", "success"]), "after_reads": 2]))
        try await world.fake.fault(["kind": "status", "path": "/check-runs", "status": 502, "times": 2])
        try await world.fake.fault(["kind": "secondary", "path": "/status", "status": 429, "retry_after": 5])
        try await world.fake.fault(["kind": "html", "path": "/check-suites"])
        let report = try await world.judge(["test"])
        #expect(report.verdict == .green)
        try await world.end()
    }

    @Test func `a limit that is used up puts the pull request off until it ends`() async throws {
        let world = try await CandidateWorld()
        try await world.fake.fault(["kind": "secondary", "path": "/rules/branches", "status": 429, "retry_after": 900])
        let report = try await world.judge(["test"])
        guard case .later(let deferral) = report.verdict else {
            Issue.record("\(report)")
            return
        }
        #expect(deferral.kind == .rateLimit)
        #expect(deferral.until - world.clock.now() > 800)
        try await world.end()
    }

    @Test func `a stop ends the waiting`() async throws {
        let world = try await CandidateWorld()
        let asking = Task { try await world.judge(["never"], wait: 1e12) }
        while world.clock.slept.count < 2 { await Task.yield() }
        asking.cancel()
        #expect(try await asking.value.verdict == .stopped)
        try await world.end()
    }

    @Test func `a right that is missing is said, not waited for`() async throws {
        let world = try await CandidateWorld(permissions: ["contents": "write", "metadata": "read"])
        await #expect(throws: GitHubError.self) { try await world.judge(["test"]) }
        try await world.end()
    }

    @Test func `the branch goes when the pull request has ended, and only its own`() async throws {
        let world = try await CandidateWorld()
        try await world.script(check("test", "success"))
        _ = try await world.judge(["test"])
        try await world.checks.retire([PRNumber(8)])
        #expect(try await world.shown() == world.candidate)
        try await world.checks.retire([PRNumber(7), PRNumber(9)])
        #expect(try await world.shown() == nil)
        try await world.end()
    }
}
