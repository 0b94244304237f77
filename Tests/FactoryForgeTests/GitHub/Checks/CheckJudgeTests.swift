import FactoryCore
import Testing

@testable import FactoryForge

@Suite struct CheckJudgeTests {
    private func run(_ name: String, _ conclusion: String?, app: Int = 1, id: Int = 1) throws -> ReportedCheck {
        try #require(
            ReportedCheck(
                run: .object([
                    "id": .of(id), "name": .string(name), "app": .object(["id": .of(app)]),
                    "status": conclusion == nil ? "in_progress" : "completed",
                    "conclusion": conclusion.map { .string($0) },
                    "details_url": "https://github.com/o/r/actions/runs/77/job/5",
                    "started_at": "2026-11-21T12:00:00Z", "completed_at": "2026-11-21T12:00:30Z",
                ])))
    }

    private func step(_ checks: [ReportedCheck], required: [RequiredCheck] = []) -> CheckJudge.Step {
        CheckJudge(required: Set(required)).step(ReportedChecks(checks: checks))
    }

    @Test(arguments: [
        "failure", "neutral", "skipped", "cancelled", "timed_out", "action_required", "stale", "startup_failure", "new",
    ])
    func `nothing but success is green`(_ conclusion: String) throws {
        let check = try run("test", conclusion)
        #expect(step([check], required: [RequiredCheck(name: "test")]) == .notGreen([check]))
        #expect(step([check]) == .notGreen([check]))
        #expect(check.isRed == ["failure", "timed_out"].contains(conclusion))
    }

    @Test func `what is required and green is enough, whatever else is reported`() throws {
        let checks = [try run("test", "success"), try run("other", "failure", id: 2)]
        #expect(step(checks, required: [RequiredCheck(name: "test")]) == .green)
        #expect(step(checks) == .notGreen([checks[1]]))
    }

    @Test func `what is required and missing is waited for by name`() throws {
        let checks = [try run("test", "success")]
        let required = [RequiredCheck(name: "test"), RequiredCheck(name: "lint")]
        #expect(step(checks, required: required) == .wait(["`lint` was not reported"]))
    }

    @Test func `a check of another App does not stand for the required one`() throws {
        let checks = [try run("test", "success", app: 2)]
        #expect(step(checks, required: [RequiredCheck(name: "test", app: 1)]) == .wait(["`test` was not reported"]))
        #expect(step(checks, required: [RequiredCheck(name: "test", app: 2)]) == .green)
    }

    @Test func `one name of two Apps must be green twice`() throws {
        let checks = [try run("test", "success"), try run("test", "failure", app: 2, id: 2)]
        #expect(step(checks, required: [RequiredCheck(name: "test")]) == .notGreen([checks[1]]))
    }

    @Test func `nothing at all is not green`() {
        #expect(step([]) == .wait(["nothing was reported"]))
    }

    @Test func `a run that was started again says nothing until it is reported anew`() throws {
        var judge = CheckJudge(required: [RequiredCheck(name: "test")])
        judge.superseded = [1]
        let old = try run("test", "failure")
        #expect(judge.step(ReportedChecks(checks: [old])) == .wait(["`test` has not ended"]))
        let new = ReportedCheck.newest([try run("test", "success", id: 9), old])
        #expect(judge.step(ReportedChecks(checks: new)) == .green)
    }

    @Test func `a workflow that is queued has more to say, another App's suite has not`() throws {
        var reported = ReportedChecks(checks: [try run("test", "success")])
        reported.read(suites: [suite("other", "queued", nil)])
        #expect(CheckJudge(required: []).step(reported) == .green)
        reported.read(suites: [suite("github-actions", "queued", nil)])
        #expect(CheckJudge(required: []).step(reported) == .wait(["github-actions is not done"]))
    }

    @Test func `a workflow that ended before it had a job is not green`() throws {
        var reported = ReportedChecks(checks: [try run("test", "success")])
        reported.read(suites: [suite("github-actions", "completed", "startup_failure")])
        #expect(CheckJudge(required: []).step(reported) == .notGreen([.workflow(endedWith: "startup_failure")]))
        #expect(CheckJudge(required: [RequiredCheck(name: "test")]).step(reported) == .green)
    }

    private func suite(_ app: String, _ status: String, _ conclusion: String?) -> JSON {
        .object([
            "app": .object(["slug": .string(app)]), "status": .string(status),
            "conclusion": conclusion.map { .string($0) } ?? .null, "latest_check_runs_count": 0,
        ])
    }

    @Test func `rules and protections name what is required`() throws {
        let rules = try JSON(
            parsing: #"""
                [{"type": "deletion"}, {"type": "required_status_checks", "parameters": {"required_status_checks":
                [{"context": "a", "integration_id": 15368}, {"context": "b"}]}}]
                """#)
        #expect(
            RequiredCheck.inRules(rules.array ?? [])
                == [RequiredCheck(name: "a", app: 15368), RequiredCheck(name: "b")])
        let protection = try JSON(
            parsing:
                #"{"required_status_checks": {"contexts": ["c", "d"], "checks": [{"context": "c", "app_id": -1}]}}"#)
        #expect(RequiredCheck.inProtection(protection) == [RequiredCheck(name: "c"), RequiredCheck(name: "d")])
        #expect(RequiredCheck.inProtection(.object([:])) == [])
    }

    @Test func `the words of a check are bounded and cannot steer a terminal`() throws {
        var json = JSONObject()
        json["id"] = 1
        json["name"] = "x"
        json["output"] = .object(["summary": .string("\u{1B}[31m" + String(repeating: "a", count: 9000))])
        let check = try #require(ReportedCheck(run: .object(json)))
        #expect(check.words.count == 4000 && !check.words.contains("\u{1B}"))
        let report = CandidateReport(.red, [try run("test", "failure")], note: "")
        #expect(report.evidence.contains("Details: https://github.com/o/r/actions/runs/77/job/5"))
        #expect(report.results == [CheckResult(name: "github: test", exit: 1, seconds: 30)])
    }

    @Test func `a time of HTTP is read`() {
        #expect(HTTPDate.time("Sun, 06 Nov 1994 08:49:37 GMT")?.iso == "1994-11-06T08:49:37Z")
        #expect(HTTPDate.time("yesterday") == nil)
    }
}
