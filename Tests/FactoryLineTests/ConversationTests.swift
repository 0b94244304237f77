import FactoryCore
import FactoryTestSupport
import Testing

@testable import FactoryLine

/// What sessions are told of earlier ones, read from a journal.
struct ConversationTests {
    private let journal = MemoryJournal()

    private func opened() async throws -> Tip { try await journal.open(PRNumber(7), .sample(), at: .noon, by: "ann") }

    private func add(_ event: Event, by: String = "ann", to tip: Tip) async throws -> Tip {
        try await journal.append(Entry(event, at: .noon, by: by), to: tip, artifacts: [])
    }

    /// A whole session.
    private func work(
        _ stage: Stage, _ outcome: Outcome, _ tip: Tip, _ edit: (inout Finish) -> Void = { _ in }
    ) async throws -> Tip {
        let started = try await add(.started(.next(stage, of: tip.pr)), to: tip)
        var finish = try Finish.active(of: started.pr, outcome)
        edit(&finish)
        return try await add(.finished(finish), to: started)
    }

    /// A PR whose plan was approved, and whose code the checks have seen.
    private func implemented(_ checks: Outcome = .green) async throws -> Tip {
        var tip = try await work(.plan, .delivered, try await opened())
        tip = try await work(.planReview, .approved, tip) {
            $0.approvedPlan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2))
            $0.summary = "a fine plan"
        }
        tip = try await work(.implementation, .delivered, tip) { $0.summary = "does it all" }
        return try await work(.implementationCI, checks, tip)
    }

    private var conversation: Conversation {
        get async { Conversation(history: await journal.history(of: PRNumber(7))) }
    }

    @Test func `a reviewer's findings go to its writer and to its successor`() async throws {
        _ = try await work(.codeReview, .changesRequested, try await implemented()) { $0.summary = "off by one" }
        let told = await conversation
        #expect(told.findings(for: .implementation) == "code-review 1 asked for changes: off by one")
        #expect(told.findings(for: .codeReview) == told.findings(for: .implementation))
        #expect(told.findings(for: .plan) == "")
        #expect(told.findings(for: .planReview) == "")
    }

    @Test func `an override is placed at the head it was given for`() async throws {
        let violation = Violation(rule: "stub", message: "not done")
        var tip = try await work(.codeReview, .approved, try await implemented()) {
            $0.verdict = Verdict(decision: .approve, summary: "good")
        }
        tip = try await work(.merge, .guardTripped([violation]), tip)
        tip = try await add(.approved(overrides: ["stub"], head: tip.pr.head), by: "bea", to: tip)
        let told = await conversation
        #expect(tip.pr.overrides == [Override(rule: "stub", by: "bea")])
        #expect(told.placed(tip.pr.overrides) == [Override(rule: "stub", by: "bea", head: tip.pr.head)])
        #expect(told.placed([Override(rule: "stub", by: "ann")]) == [Override(rule: "stub", by: "ann")])
        #expect(told.approvingVerdict?.summary == "good")
        var shown = Override(rule: "stub", by: "bea", head: .numbered(0x99))
        shown.objections = [Override.Objection(violation)]
        #expect(told.placed([shown]) == [shown])
    }

    @Test func `a failure is told to the same stage only`() async throws {
        _ = try await work(.plan, .failed(.noChange, "no plan"), try await opened())
        let told = await conversation
        #expect(told.findings(for: .plan) == "Session 1 of this stage failed (no-change): no plan")
        #expect(told.findings(for: .implementation) == "")
    }

    @Test func `people's notes are told to everybody, the line's own remarks to nobody`() async throws {
        var tip = try await opened()
        tip = try await add(.noted("be quick"), to: tip)
        tip = try await add(.noted("work is saved"), by: "factory", to: tip)
        tip = try await add(.retried(to: .plan, note: "once more"), to: tip)
        _ = try await add(.retried(to: .plan, note: ""), to: tip)
        #expect(await conversation.findings(for: .codeReview) == "ann says: be quick\n\nann says: once more")
    }

    @Test func `an answer is fresh until something is done with it, whatever is remarked`() async throws {
        var tip = try await work(.plan, .question("Why?"), try await opened())
        #expect(await conversation.freshAnswer == nil)
        tip = try await add(.answered("Because"), to: tip)
        tip = try await add(.noted("hm"), to: tip)
        #expect(await conversation.freshAnswer == "Question: Why?\nAnswer by ann: Because")
        _ = try await add(.started(.next(.plan, of: tip.pr)), to: tip)
        #expect(await conversation.freshAnswer == nil)
        #expect(await conversation.answers.count == 1)
    }

    @Test func `red checks are remembered over failed sessions, until work is delivered`() async throws {
        var tip = try await implemented(.red)
        #expect(await conversation.sentBack?.finish.outcome == .red)
        tip = try await work(.implementation, .failed(.timeout, "slow"), tip)
        #expect(await conversation.sentBack?.finish.outcome == .red)
        _ = try await work(.implementation, .delivered, tip)
        #expect(await conversation.sentBack == nil)
    }

    @Test func `the certificate names the newest approvals, the squash the newest work`() async throws {
        _ = try await work(.codeReview, .approved, try await implemented()) { $0.summary = "good code" }
        let told = await conversation
        #expect(
            told.reviews == [
                Certificate.Review(role: .planReviewer, summary: "a fine plan"),
                Certificate.Review(role: .codeReviewer, summary: "good code"),
            ])
        #expect(told.workSummary == "does it all")
    }
}
