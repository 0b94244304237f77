import FactoryCore
import FactoryTestSupport

@testable import FactoryCLI

/// A PR's journal that is told without a repository: every event goes through the real fold.
struct Tale {
    private(set) var pr: PullRequest
    private(set) var history: [RecordedEntry]

    var story: Story { Story(history: history) }

    init(_ opening: Opening, number: Int, at time: Timestamp) {
        pr = PullRequest(opening, number: PRNumber(number), at: time)
        history = []
        record(Entry(.opened(opening), at: time, by: "Ann"))
    }

    /// The next event, so many seconds after the last one.
    mutating func add(_ event: Event, after seconds: Double = 60, by: String = "Ann") throws {
        let entry = Entry(event, at: pr.updatedAt + seconds, by: by)
        pr = try pr.applying(entry)
        record(entry)
    }

    /// A whole session of a stage, moved as the lifecycle says.
    mutating func work(
        _ stage: Stage, _ outcome: Outcome, seconds: Double = 240, _ edit: (inout Finish) -> Void = { _ in }
    ) throws {
        try add(.started(.next(stage, of: pr)), by: "factory")
        var finish = try Finish.active(of: pr, outcome)
        finish.seconds = seconds
        edit(&finish)
        try add(.finished(finish), after: seconds, by: "factory")
    }

    private mutating func record(_ entry: Entry) {
        let id = CommitID.numbered(0xE000 + history.count)
        history.append(RecordedEntry(id: id, subject: entry.event.sentence, entry: entry, state: pr))
    }
}

extension Tale {
    private static let evening = Timestamp("2026-11-20T21:04:00Z") ?? .noon
    private static let main = CommitID("5b0c7d1e9f3a8b2c4d6e8f0a1b3c5d7e9f1a2b4c")

    private static func opening(_ path: String, _ title: String, head: String, dependsOn: [Int] = []) -> Opening {
        Opening(
            specPath: RepoPath(path), title: title, dependsOn: dependsOn, author: .ann, head: CommitID(head), base: main
        )
    }

    /// Plan and its review, both of them well.
    private mutating func plan() throws {
        try work(.plan, .delivered) { finish in
            finish.summary = "two steps"
            finish.head = CommitID("0a2e3d4c5b6a79880716253443526170f1e2d3c4")
        }
        try work(.planReview, .approved) { finish in
            finish.approvedPlan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2))
            finish.verdict = Verdict(decision: .approve, summary: "covers all three items")
        }
    }

    private mutating func implement(_ head: String) throws {
        try work(.implementation, .delivered) { finish in
            finish.head = CommitID(head)
            finish.usage = Usage(costUSD: 0.4)
        }
        try work(.implementationCI, .green, seconds: 130) { finish in
            finish.checks = [
                CheckResult(name: "lint", exit: 0, seconds: 2.5), CheckResult(name: "test", exit: 0, seconds: 127.25),
            ]
        }
    }

    /// #41: the code review has asked for changes three times.
    static func returned() throws -> Tale {
        var tale = Tale(
            opening(
                "specs/0041-rate-limit.md", "Rate-limit the login form",
                head: "1f2e3d4c5b6a79880716253443526170f1e2d3c4"), number: 41, at: evening)
        try tale.plan()
        for head in ["b7", "c8", "a9"] {
            try tale.implement(head + "f3e1c05d7b92846a1c3e5f708192a3b4c5d6e7")
            try tale.work(.codeReview, .changesRequested) { finish in
                finish.verdict = Verdict(
                    decision: .requestChanges, summary: "the 429 reply is not tested",
                    findings: [
                        Finding(
                            code: "missing-test", severity: "blocker", path: "Tests/LoginTests.swift", line: 12,
                            message: "no test of the 429 reply")
                    ],
                    criteria: [
                        Criterion(id: "D1", met: .yes, evidence: "Login.swift:40"),
                        Criterion(id: "D2", met: .no, evidence: "nothing sends a Retry-After header"),
                    ])
                finish.summary = "the 429 reply is not tested"
                finish.usage = Usage(costUSD: 0.1)
            }
        }
        return tale
    }

    /// #44: two guards object to what the implementer wrote.
    static func guarded() throws -> Tale {
        var tale = Tale(
            opening(
                "specs/0044-drop-python-38.md", "Drop Python 3.8", head: "2f2e3d4c5b6a79880716253443526170f1e2d3c4"),
            number: 44, at: evening + 3600)
        try tale.plan()
        let violations = [
            Violation(
                rule: "protected-path", message: ".github/ belongs to people", path: RepoPath(".github/ci.yml"), line: 7
            ),
            Violation(rule: "diff-size", message: "2,412 lines, of 2,000 that may change"),
        ]
        try tale.work(.implementation, .guardTripped(violations)) { finish in
            finish.rescue = CommitID("d00dfeed5b6a79880716253443526170f1e2d3c4")
        }
        return tale
    }

    /// #37: on the main branch, after one red run.
    static func landed() throws -> Tale {
        var tale = Tale(
            opening(
                "specs/0037-cache-avatars.md", "Cache avatar lookups", head: "3f2e3d4c5b6a79880716253443526170f1e2d3c4"),
            number: 37, at: evening)
        try tale.plan()
        try tale.work(.implementation, .delivered) { $0.head = CommitID("e1f3e1c05d7b92846a1c3e5f708192a3b4c5d6e7") }
        try tale.work(.implementationCI, .red, seconds: 61) { finish in
            finish.checks = [
                CheckResult(name: "lint", exit: 0, seconds: 2.5), CheckResult(name: "test", exit: 2, seconds: 58.5),
            ]
        }
        try tale.implement("f1f3e1c05d7b92846a1c3e5f708192a3b4c5d6e7")
        try tale.work(.codeReview, .approved) { $0.verdict = Verdict(decision: .approve, summary: "good") }
        try tale.add(.started(.next(.merge, of: tale.pr)), by: "factory")
        let squash = CommitID("a1b2c3d4e5f60718293a4b5c6d7e8f9001122334")
        let certification = Certification(id: .numbered(0xCE), squash: squash, base: main)
        let token = tale.pr.active?.token ?? ""
        try tale.add(.certified(token: token, certification, certificate: .object(["v": 1, "pr": 37])), by: "factory")
        try tale.add(.landed(squash), after: 1, by: "factory")
        return tale
    }

    /// #46: waits for #41.
    static func waiting() -> Tale {
        Tale(
            opening(
                "specs/0046-export.md", "Export as CSV", head: "4f2e3d4c5b6a79880716253443526170f1e2d3c4",
                dependsOn: [41]), number: 46, at: evening + 7200)
    }

    /// #47: an implementer is at work.
    static func working() throws -> Tale {
        var tale = Tale(
            opening("specs/0047-search.md", "Search by name", head: "5f2e3d4c5b6a79880716253443526170f1e2d3c4"),
            number: 47, at: evening + 32_000)
        try tale.plan()
        try tale.add(.started(.next(.implementation, of: tale.pr)), by: "factory")
        return tale
    }

    /// #48: the planner asks something.
    static func asking() throws -> Tale {
        var tale = Tale(
            opening("specs/0048-units.md", "Show units", head: "6f2e3d4c5b6a79880716253443526170f1e2d3c4"), number: 48,
            at: evening + 30_000)
        try tale.work(.plan, .question("Metric or imperial?\nThe spec names neither."))
        return tale
    }
}
