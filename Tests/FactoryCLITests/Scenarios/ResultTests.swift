import FactoryCore
import Testing

/// A way in which an agent reports badly.
struct BadReport: Sendable, CustomTestStringConvertible {
    let name: String
    let act: String
    let failure: FactoryCore.Failure
    let words: String
    var testDescription: String { name }
}

@Suite(.serialized) struct `Results of agents` {
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            BadReport(name: "no JSON", act: "result '{ no'", failure: .invalidResult, words: "JSON"),
            BadReport(
                name: "an item is missing", act: #"result '{"decision":"APPROVE","summary":"x","criteria":[]}'"#,
                failure: .invalidResult, words: "D1"),
            BadReport(
                name: "approval beside an unmet item",
                act: #"criteria='[{"id":"D1","met":false,"evidence":"no"}]'; approve"#, failure: .invalidResult,
                words: "D1"),
            BadReport(
                name: "a person's judgement where none is asked",
                act: #"criteria='[{"id":"D1","met":"human","evidence":"no"}]'; approve"#, failure: .invalidResult,
                words: "human"),
            BadReport(name: "nothing", act: "exit 0", failure: .invalidResult, words: "no verdict"),
            BadReport(name: "death", act: "echo oh dear; exit 1", failure: .crashed, words: "oh dear"),
            BadReport(name: "killed", act: "kill -9 $$", failure: .crashed, words: "signal 9"),
        ])
    func `a reviewer without a usable verdict has failed, and the next one is told`(report: BadReport) async throws {
        let world = try await World.play(["code-reviewer-1": report.act])
        try await world.expectLanding()
        #expect(try world.starts(of: .codeReviewer) == 2)
        let prompt = try world.prompt(.codeReview, 2)
        #expect(prompt.contains("(\(report.failure.rawValue))"), "\(prompt)")
        #expect(prompt.contains(report.words), "\(prompt)")
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            BadReport(name: "no JSON", act: "implement; result 'done!'", failure: .invalidResult, words: "JSON"),
            BadReport(
                name: "no status", act: #"implement; result '{"summary":"x"}'"#, failure: .invalidResult,
                words: "status"),
            BadReport(name: "death", act: "implement; echo oh dear; exit 1", failure: .crashed, words: "oh dear"),
            BadReport(name: "no change", act: "finish", failure: .noChange, words: "left the tree as it was"),
        ])
    func `a writer that fails is repeated from the same tree, and what it wrote is kept`(
        report: BadReport
    ) async throws {
        let world = try await World.play([
            "implementer-1": report.act,
            "implementer-2": "ls lib > \"$TORTURE/seen\"; implement; finish",
        ])
        try await world.expectLanding()
        #expect(try world.prompt(.implementation, 2).contains("(\(report.failure.rawValue))"))
        #expect(try world.prompt(.implementation, 2).contains(report.words))
        #expect(try world.noted("seen") == "shared.txt\n")
        guard report.failure != .noChange else { return }
        let saved = "refs/factory/rescue/1/implementation-1:lib/1.txt"
        #expect(try await world.git("show", saved, in: world.journal) == "done")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a writer that leaves no result and changed the tree is done`() async throws {
        let world = try await World.play(["planner": "plan", "implementer": "implement"])
        try await world.expectLanding()
        #expect(try world.starts().count == 4)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["question", "blocked"])
    func `an implementer's question parks, and the answer lets the same stage go on`(status: String) async throws {
        let world = try await World.play([
            "implementer-1":
                "implement; result '{\"status\":\"\(status)\",\"summary\":\"Which colour?\",\"question\":\"Which colour?\"}'"
        ])
        let reason = try await world.expectParking()
        #expect(reason.kind == .question)
        #expect(reason.message == "Which colour?")
        #expect(try await world.ask(World.program, ["retry", "9"]).code != 0)
        try await world.factory("answer", "1", "Green", "as", "grass")
        try await world.expectLanding()
        #expect(
            try world.starts() == [
                "1 planner 1", "1 plan-reviewer 1", "1 implementer 1", "1 implementer 2", "1 code-reviewer 1",
            ])
        #expect(try world.prompt(.implementation, 2).contains("Question: Which colour?"))
        #expect(try world.prompt(.implementation, 2).contains("Green as grass"))
        let plan = try #require(try await world.onMain(Play.plan(1)))
        #expect(plan.hasPrefix("# Plan"))
        #expect(plan.contains("Which colour?") && plan.contains("Green as grass"))
        #expect(
            try await world.git("show", "refs/factory/rescue/1/implementation-1:lib/1.txt", in: world.journal) == "done"
        )
    }

    @Test(.timeLimit(.minutes(1)))
    func `a planner's question is answered before there is a plan`() async throws {
        let world = try await World.play(["planner-1": "ask Why?"])
        try await world.expectParking()
        try await world.factory("answer", "1", "Because")
        try await world.expectLanding()
        #expect(try world.prompt(.plan, 2).contains("Because"))
        #expect(try world.starts().count == 5)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [Role.planReviewer, .codeReviewer])
    func `a reviewer's question is answered to the same reviewer`(role: Role) async throws {
        let world = try await World.play([
            "\(role.rawValue)-1": #"result '{"decision":"QUESTION","summary":"Is it worth it?","criteria":[]}'"#
        ])
        let reason = try await world.expectParking()
        #expect(reason.kind == .question)
        #expect(reason.message == "Is it worth it?")
        try await world.factory("answer", "1", "It is")
        try await world.expectLanding()
        #expect(try world.starts().count == 5)
        #expect(try world.starts(of: role) == 2)
        let stage: Stage = role == .planReviewer ? .planReview : .codeReview
        #expect(try world.prompt(stage, 2).contains("It is"))
        #expect(try await world.onMain(Play.plan(1))?.contains("It is") == true)
    }
}
