import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized, .enabled(if: KnownProgram.directory != nil)) struct `Agent programs` {
    @Test(arguments: KnownProgram.all)
    func `every program is installed`(program: KnownProgram) {
        // Kimi needs a newer Python than some systems have; tools/agents.sh says so.
        if program.name == "kimi" { return }
        #expect(KnownProgram.installed.contains { $0.name == program.name })
    }

    @Test(.timeLimit(.minutes(5)), arguments: KnownProgram.installed)
    func `a program takes a spec of the ledger from the planner to the main branch`(program: KnownProgram) async throws
    {
        let model = try await ScriptedModel()
        let world = try await World.ledger(program, port: model.port)
        let code = try await world.run(KnownProgram.keys)
        let why = code == 0 ? "" : try await world.why()
        #expect(code == 0, "\(why)")
        let pr = try await world.pr(1)
        #expect(pr.state == .merged && pr.usage.inputTokens ?? 0 > 0, "\(pr.usage)")
        #expect(try await world.onMain("ledger/money.py")?.contains("_GROUPED") == true)
        try await world.expectWhole()
        await model.stop()
    }

    @Test(.timeLimit(.minutes(10)), arguments: KnownProgram.installed, Condition.all)
    func `what the provider does decides what comes of the session, and nothing is left behind`(
        program: KnownProgram, condition: Condition
    ) async throws {
        let model = try await ScriptedModel(condition.name)
        if condition.name == "refused" { await model.stop() }
        let world = try await World.ledger(
            program, port: model.port, extra: "limits: { idle: 20s, stage: 10m }")
        _ = try await world.start(["step", "--pr", "1"], KnownProgram.keys).code()
        let outcome = try await world.lastOutcome()
        let pr = try await world.pr(1)
        switch (condition.expected, outcome) {
        case (.deferred(let kind), .deferred(let deferral)):
            #expect(deferral.kind == kind, "\(deferral.message)")
            #expect(pr.state == .plan && pr.notBefore == deferral.until)
            #expect(pr.counts[.plan, default: Counts()].failures == 0)
        case (.failed(let kind), .failed(let failure, let message)):
            #expect(failure == kind, "\(message)")
            #expect((pr.reason?.kind == .agent) == kind.needsPerson, "\(message)")
            #expect(pr.counts[.plan, default: Counts()].failures == (kind.needsPerson ? 0 : 1))
        case (.delivered, .delivered): break
        // Some wait for a command, some go on beside it; it is ended in any case.
        case (.anything, .some): break
        case (let expected, let actual): Issue.record("\(expected) was expected, not \(String(describing: actual))")
        }
        try await world.expectWhole()
        await model.stop()
    }

    @Test(.timeLimit(.minutes(5)), arguments: KnownProgram.installed)
    func `work of a session that the provider cut off is kept`(program: KnownProgram) async throws {
        let model = try await ScriptedModel("well then 429 1")
        let world = try await World.ledger(
            program, port: model.port, extra: "limits: { idle: 20s, stage: 10m }")
        _ = try await world.start(["step", "--pr", "1"], KnownProgram.keys).code()
        guard case .deferred(let deferral)? = try await world.lastOutcome() else {
            Issue.record("\(try await world.why())")
            return
        }
        #expect(deferral.kind == .rateLimit)
        let saved = try await world.git("for-each-ref", "--format=%(refname)", "refs/factory/rescue", in: world.journal)
        #expect(saved == "refs/factory/rescue/1/plan-1")
        try await world.expectWhole()
        await model.stop()
    }
}
