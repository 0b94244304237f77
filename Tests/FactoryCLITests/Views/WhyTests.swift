import FactoryCore
import FactoryForge
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryCLI

struct WhyTests {
    @Test func `too many returns: the rule, the findings, what was tried, three ways on`() throws {
        let view = WhyView(try .returned(), logs: ["/srv/factory/sessions/41/code-review-3/transcript.log"])
        #expect(
            view.text == """
                #41 Rate-limit the login form is parked at code-review since 20 Nov 22:53 (8 h).

                  Rule      code-review: at most 2 returns
                            changes were requested 3 times
                  Review    the 429 reply is not tested
                  Evidence  Tests/LoginTests.swift:12: no test of the 429 reply (missing-test)
                            not met: nothing sends a Retry-After header (D2)
                  Tried     plan               1 session   delivered
                            plan-review        1 session   approved
                            implementation     3 sessions  delivered
                            implementation-ci  3 sessions  green
                            code-review        3 sessions  changes requested
                  Log       /srv/factory/sessions/41/code-review-3/transcript.log
                  Look at   git fetch factory && git diff factory/main...factory/spec/0041-rate-limit
                  You can   factory retry 41 --note "..."            back to implementation with your note
                            factory submit specs/0041-rate-limit.md  start over from the spec as it is on your disk
                            factory close 41                         give it up
                """)
    }

    @Test func `two guards: both objections, the work that was saved, one command that overrules both`() throws {
        #expect(
            WhyView(try .guarded()).text == """
                #44 Drop Python 3.8 is parked at implementation since 20 Nov 23:19 (8 h).

                  Rule      protected-path, diff-size
                            2 objections
                  Evidence  .github/ci.yml:7: .github/ belongs to people (protected-path)
                            2,412 lines, of 2,000 that may change (diff-size)
                  Tried     plan            1 session  delivered
                            plan-review     1 session  approved
                            implementation  1 session  stopped by protected-path
                  Saved     git --git-dir=/srv/factory/journal.git show refs/factory/rescue/44/implementation-1
                  Look at   git fetch factory && git diff factory/main...factory/spec/0044-drop-python-38
                  You can   factory approve 44 --override protected-path,diff-size  overrule these rules for this one
                            factory retry 44 --note "..."                           back to implementation with your note
                            factory close 44                                        give it up
                """)
    }

    @Test func `a single objection is said once`() throws {
        var tale = Tale(.sample(), number: 7, at: .noon)
        try tale.work(.plan, .guardTripped([Violation(rule: "secret", message: "a key", path: RepoPath("a.txt"))]))
        #expect(WhyView(tale).text.contains("  Rule      secret\n  Evidence  a.txt: a key (secret)\n"))
    }

    @Test func `a red check is told as long as the implementer changes nothing`() throws {
        var tale = Tale(.sample(), number: 7, at: .noon)
        for (stage, outcome) in [
            (Stage.plan, Outcome.delivered), (.planReview, .approved), (.implementation, .delivered),
        ] {
            try tale.work(stage, outcome)
        }
        try tale.work(.implementationCI, .red) { $0.checks = [CheckResult(name: "unit", exit: 1, seconds: 2)] }
        func told() -> String {
            WhyView(tale).text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
        }
        let line = #/Sent back +implementation-ci, session 1: red\nexited with 1 \(unit\)\n/#
        #expect(told().contains(line), "\(told())")
        for _ in 1...3 { try tale.work(.implementation, .failed(.noChange, "nothing was changed")) }
        #expect(tale.pr.state == .needsAttention && told().contains(line), "\(told())")
        #expect(WhyView(tale).json["sentBack"]?["session"] == "implementation-ci-1")
    }

    @Test func `what was mended is not told again`() throws {
        var tale = Tale(.sample(), number: 7, at: .noon)
        for (stage, outcome) in [
            (Stage.plan, Outcome.delivered), (.planReview, .changesRequested), (.plan, .delivered),
        ] { try tale.work(stage, outcome) }
        #expect(!WhyView(tale).text.contains("Sent back") && WhyView(tale).json["sentBack"] == .null)
    }

    @Test func `a question is shown whole, and how to answer it`() throws {
        #expect(
            WhyView(try .asking()).text == """
                #48 Show units is parked at plan since 06:29 (63 min).

                  Rule      plan: question
                  Question  Metric or imperial?
                            The spec names neither.
                  Tried     plan  1 session  a question
                  You can   factory answer 48 "..."             answer; plan goes on with it
                            factory submit specs/0048-units.md  start over from the spec as it is on your disk
                            factory close 48                    give it up
                """)
    }

    @Test func `what has landed says when, as what, and what it took`() throws {
        #expect(
            WhyView(try .landed()).text == """
                #37 Cache avatar lookups landed at 20 Nov 22:36 as a1b2c3d4e.

                  Took     2 rounds of implementation, 8 sessions, 32 min from submission, 0.40 USD
                  You can  git pull factory main  get it
                           factory revert 37      take it back
                """)
    }

    @Test func `what waits says for whom`() throws {
        #expect(
            WhyView(.waiting(), on: try .ofTheNight()).text == """
                #46 Export as CSV: queued, waits for #41.

                  You can  factory why 41                       see what #41 waits for
                           factory submit specs/0046-export.md  after taking what it need not wait for out of its depends-on
                           factory park 46                      stop it until you say otherwise
                """)
    }

    @Test func `what is worked on says for how long`() throws {
        #expect(
            WhyView(try .working(), on: try .ofTheNight()).text.hasPrefix(
                "#47 Search by name: implementation, session 1, for 23 min.\n"))
    }

    @Test func `a circle of dependencies is spelled out`() {
        let tales = [(1, 2), (2, 1)].map { number, other in
            Tale(.sample(number, dependsOn: [other]), number: number, at: .noon)
        }
        let text = WhyView(tales[0], on: Board(tales[0], tales[1])).text
        #expect(text.contains("queued, waits in a circle: #1 → #2 → #1."))
        #expect(text.contains("factory submit specs/0001-login.md  after taking one number out of its depends-on"))
    }

    @Test func `by day a queued one waits for the night, unless somebody runs the line`() {
        let tale = Tale(.sample(), number: 7, at: .noon)
        var configuration = Configuration()
        configuration.night = NightWindow(starts: 18 * 60, ends: 8 * 60)
        let board = Board(
            [tale.pr], working: [], configuration: configuration, minuteOfDay: 720,
            time: LocalTime(now: .noon, minuteOfDay: 720))
        let text = WhyView(tale, on: board).text
        #expect(text.hasPrefix("#7 Add a login page: queued, waits for the night."))
        #expect(text.contains("factory run     do not wait for the night"))
    }

    @Test func `what was put off says until when, and by whom`() throws {
        var tale = Tale(.sample(), number: 7, at: .noon)
        let deferral = Deferral(kind: .quota, until: .noon + 7200, message: "the five-hour limit is used up")
        try tale.work(.plan, .deferred(deferral))
        let board = Board(
            [tale.pr], working: [], configuration: Configuration(), minuteOfDay: 730,
            time: LocalTime(now: .noon + 600, minuteOfDay: 730))
        let text = WhyView(tale, on: board).text
        #expect(text.hasPrefix("#7 Add a login page: before plan, not before 14:00.\n"))
        #expect(text.contains("Because  quota: the five-hour limit is used up"))
    }

    @Test(arguments: Reason.Kind.allCases)
    func `every reason has a way on, and one out`(kind: Reason.Kind) {
        let reason = Reason(kind: kind, rule: "r", message: "m", evidence: [Violation(rule: "r", message: "m")])
        let ways = WayOn.list(reason, number: 7, spec: "specs/0007-login.md", resume: .plan).map(\.command)
        #expect(ways.count >= 2)
        #expect(ways.contains("factory close 7"))
    }

    @Test(arguments: [
        (Reason.Kind.question, "factory answer 7 \"...\""), (.guard, "factory approve 7 --override r"),
        (.approval, "factory approve 7"), (.returns, "factory retry 7 --note \"...\""),
        (.failed, "factory retry 7 --note \"...\""), (.baseLost, "factory submit specs/0007-login.md"),
        (.contained, "factory close 7"), (.agent, "factory retry 7"), (.person, "factory retry 7"),
    ])
    func `the likeliest way on comes first`(kind: Reason.Kind, command: String) {
        let reason = Reason(kind: kind, rule: "r", message: "m", evidence: [Violation(rule: "r", message: "m")])
        #expect(WayOn.list(reason, number: 7, spec: "specs/0007-login.md", resume: .plan).first?.command == command)
    }

    @Test func `what a remote refuses to take is tried again, and not answered`() {
        let reason = Reason(kind: .question, rule: "merge: blocked", message: "it is refused", stage: .merge)
        let ways = WayOn.list(reason, number: 7, spec: "specs/0007-login.md", resume: .merge).map(\.command)
        #expect(ways == ["factory retry 7", "factory close 7"])
    }

    @Test func `saved work can be looked at with the command that is shown, and logs are named`() async throws {
        let office = try await Office()
        let started = try await office.start(.plan, try await office.submit())
        let work = try await office.commit(["wip.txt": "half done\n"], on: started.pr.head, "Plan")
        let saved = try await office.store.rescue(
            office.store.tree(of: work), of: started.pr, attempt: "plan-1", lacking: [])
        var finish = try Finish.active(of: started.pr, .guardTripped([Violation(rule: "secrets", message: "a key")]))
        // The commit that becomes the head once the guard is overruled; the saved one has the same files.
        finish.rescue = work
        #expect(saved != work)
        _ = try await office.append(.finished(finish), to: started)
        try office.leave("boom\n", as: "transcript.log", of: "plan-1")
        let said = try await office.run("why", "7", "--json")
        let json = try JSON(parsing: Array(said.data.utf8))
        #expect(json["logs"] == .of([office.home.sessions + "/7/plan-1/transcript.log"]))
        #expect(json["rescued"]?.array?.count == 1)
        let command = try #require(json["rescued"]?.array?.first?["command"]?.string)
        #expect(try await office.shell(command).contains("+half done"))
        #expect(try await office.run("why", "7").data.contains(command))
    }
}
