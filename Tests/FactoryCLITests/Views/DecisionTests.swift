import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryCLI

struct DecisionTests {
    /// Parks a PR because two guards object to what its planner wrote.
    private func guarded(_ office: Office) async throws -> (tip: Tip, withheld: CommitID) {
        let tip = try await office.submit()
        let work = try await office.commit([".github/ci.yml": "on: push\n"], on: tip.pr.head, "Plan")
        let violations = [
            Violation(rule: "protected-path", message: "not yours", path: RepoPath(".github/ci.yml")),
            Violation(rule: "diff-size", message: "too much"),
        ]
        let parked = try await office.work(.plan, .guardTripped(violations), tip) { $0.rescue = work }
        return (parked, work)
    }

    @Test func `an override makes the withheld work the head, in the name of the person`() async throws {
        let office = try await Office()
        let (_, withheld) = try await guarded(office)
        let said = try await office.run("approve", "7", "--override", "protected-path,diff-size")
        #expect(said.code == .ok)
        #expect(said.data == "#7 Add a login page: needs-attention → plan-review\n")
        let pr = try #require(try await office.store.tip(of: PRNumber(7))?.pr)
        #expect(pr.head == withheld)
        #expect(pr.overrides.map(\.rule) == ["protected-path", "diff-size"])
        #expect(pr.overrides.allSatisfy { $0.by == "Ann" && $0.head == withheld })
        #expect(pr.overrides.map { $0.objections.map(\.path) } == [[RepoPath(".github/ci.yml")], [nil]])
        let shown = try await office.shell(
            "git --git-dir=\(office.home.hub) rev-parse spec/0007-login refs/pull/7/head")
        #expect(shown == "\(withheld.hex)\n\(withheld.hex)\n")
        #expect(Files.exists(office.home.doorbell))
    }

    @Test(arguments: [
        (["approve", "7"], "protected-path and diff-size"),
        (["approve", "7", "--override", "diff-size"], "is stopped by protected-path, which"),
        (["approve", "7", "--override", "protected-path,diff-size,secrets"], "not stopped by \"secrets\""),
    ])
    func `an approval names every rule that it overrules, and no other`(words: [String], reply: String) async throws {
        let office = try await Office()
        let (tip, _) = try await guarded(office)
        let said = try await office.run(words)
        #expect(said.code == .failed)
        #expect(said.talk.contains(reply))
        #expect(said.talk.contains("factory approve 7 --override protected-path,diff-size"))
        #expect(try await office.store.tip(of: PRNumber(7))?.id == tip.id)
    }

    @Test func `an approval of what is no longer there changes nothing`() async throws {
        let office = try await Office()
        let (tip, withheld) = try await guarded(office)
        let rules = ["--override", "protected-path,diff-size"]
        let late = try await office.run(["approve", "7", "--head", tip.pr.base.hex] + rules)
        #expect(late.code == .changedMeanwhile)
        #expect(late.talk.contains(withheld.short))
        #expect(try await office.store.tip(of: PRNumber(7))?.id == tip.id)
        #expect(try await office.run(["approve", "7", "--head", withheld.short] + rules).code == .ok)
    }

    @Test func `an entry that came between makes a decision void`() async throws {
        let office = try await Office()
        let old = try await office.submit()
        let newer = try await office.append(.noted("look"), to: old)
        let context = office.context(Output(environment: [:]))
        let decision = Decision(home: try context.home(), store: office.store, context: context)
        await #expect(throws: JournalConflict(number: PRNumber(7))) {
            try await decision.record(.closed(note: ""), on: old, json: false)
        }
        #expect(try await office.store.tip(of: PRNumber(7))?.id == newer.id)
    }

    @Test func `what waits without a certificate is not approved, but certified first`() async throws {
        let office = try await Office()
        var tip = try await office.submit()
        for (stage, outcome) in [
            (Stage.plan, Outcome.delivered), (.planReview, .approved), (.implementation, .delivered),
            (.implementationCI, .green), (.codeReview, .approved), (.merge, .approvalNeeded("a person says so")),
        ] { tip = try await office.work(stage, outcome, tip) }
        #expect(try await office.run("approve", "7", "--override", "x").code == .failed)
        let said = try await office.run("approve", "#7")
        #expect(said.code == .changedMeanwhile)
        #expect(said.talk.contains("no certificate stands for it") && said.talk.contains("factory retry 7"))
        #expect(try await office.store.tip(of: PRNumber(7))?.id == tip.id)
    }

    @Test func `an answer reaches the journal, whole`() async throws {
        let office = try await Office()
        let tip = try await office.submit()
        _ = try await office.work(.plan, .question("Metric or imperial?"), tip)
        #expect(try await office.run("answer", "7").code == .usage)
        #expect(try await office.run("answer", "7", " ").code == .usage)
        let said = try await office.run("answer", "7", "Metric,", "always.")
        #expect(said.data == "#7 Add a login page: needs-attention → plan\n")
        let last = try await office.store.history(of: PRNumber(7)).last
        #expect(last?.entry.event == .answered("Metric, always."))
        #expect(last?.entry.by == "Ann")
        let again = try await office.run("answer", "7", "Imperial")
        #expect(again.code == .failed)
        #expect(again.talk.hasPrefix("factory: #7 is at plan and asks nothing; you can:\n"))
    }

    @Test func `a parked pull request goes on where it stopped, with the note`() async throws {
        let office = try await Office()
        _ = try await office.work(.plan, .delivered, try await office.submit())
        #expect(
            try await office.run("park", "0007", "--note", "wait").data.hasSuffix("plan-review → needs-attention\n"))
        let twice = try await office.run("park", "7")
        #expect(twice.code == .failed)
        #expect(twice.talk.contains("parked by \"parked by a person\" already"))
        let said = try await office.run("retry", "0007-login", "--note", "go", "--json")
        #expect(try JSON(parsing: Array(said.data.utf8))["to"] == "plan-review")
        let entry = try await office.store.history(of: PRNumber(7)).last?.entry
        #expect(entry?.event == .retried(to: .planReview, note: "go"))
    }

    @Test func `what is not parked is only sent where a person says`() async throws {
        let office = try await Office()
        _ = try await office.work(.plan, .delivered, try await office.submit())
        let aimless = try await office.run("retry", "7")
        #expect(aimless.code == .failed)
        #expect(aimless.talk.contains("name the stage to send it to with --from"))
        let typo = try await office.run("retry", "7", "--from", "plann")
        #expect(typo.code == .usage)
        #expect(typo.talk.contains("did you mean \"plan\"?"))
        let early = try await office.run("retry", "7", "--from", "merge")
        #expect(early.code == .failed)
        #expect(early.talk.contains("no approved plan"))
        #expect(try await office.run("retry", "7", "--from", "plan").data.hasSuffix("plan-review → plan\n"))
    }

    @Test func `what is closed only starts over by submitting it again`() async throws {
        let office = try await Office()
        _ = try await office.submit()
        #expect(try await office.run("close", "7", "--note", "no longer wanted").code == .ok)
        for words in [["close", "7"], ["retry", "7"], ["park", "7"], ["approve", "7"], ["answer", "7", "x"]] {
            let said = try await office.run(words)
            #expect(said.code == .failed)
            #expect(said.talk.contains("factory submit specs/0007-login.md"))
        }
        #expect(try await office.shell("git --git-dir=\(office.home.hub) branch --list 'spec/*'") == "")
    }

    @Test func `a number that nobody has is answered with those there are`() async throws {
        let office = try await Office()
        #expect(try await office.run("show", "9").talk.contains("nothing was submitted yet"))
        _ = try await office.submit(7)
        _ = try await office.submit(8)
        for verb in ["show", "why", "logs", "approve", "retry", "park", "close"] {
            let said = try await office.run(verb, "9")
            #expect(said.code == .failed)
            #expect(said.talk == "factory: there is no #9; there are #7, #8\n")
        }
        #expect(
            try await office.run("show", "0007-logout").talk == "factory: there is no 0007-logout; #7 is 0007-login\n")
    }

    @Test(arguments: [
        ["show"], ["show", "seven"], ["show", "0"], ["show", "7", "8"], ["retry", "7", "--form", "plan"],
    ])
    func `a command line that makes no sense is told so`(words: [String]) async throws {
        #expect(try await Office().run(words).code == .usage)
    }

    @Test func `without a factory every command says how to get one`() async throws {
        let office = try await Office()
        let bare = office.directory.path + "/bare"
        try Files.makeDirectory(bare)
        _ = try await office.shell("git init -q \(bare)")
        for words in [["status"], ["show", "7"], ["close", "7"], ["report"]] {
            let said = try await office.run(words, in: bare)
            #expect(said.code == .failed)
            #expect(said.talk.contains("factory init"))
        }
    }
}
