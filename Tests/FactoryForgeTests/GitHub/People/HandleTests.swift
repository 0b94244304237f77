import FactoryCore
import FactoryTestSupport
import Testing

@testable import FactoryForge

@Suite struct HandleTests {
    private let parking = CommitID.numbered(5)

    private func answer(_ wish: Handle.Wish, on pr: PullRequest, seen: CommitID? = .numbered(5)) -> Handle.Answer {
        var handle = Handle(wish, by: Account(id: 1, login: "ada"), source: "comment-1", pull: 1, number: pr.number)
        handle.parkingSeen = seen
        return handle.answer(on: pr, parking: pr.state == .needsAttention ? parking : nil)
    }

    private func parked(_ kind: Reason.Kind, evidence: [Violation] = []) -> PullRequest {
        var pr = PullRequest.sample(in: .needsAttention)
        pr.reason = Reason(kind: kind, rule: "r", message: "m", evidence: evidence, stage: .merge)
        pr.resume = .plan
        return pr
    }

    private func isRefused(_ answer: Handle.Answer) -> Bool { if case .refused = answer { true } else { false } }

    @Test func `a label is the handle of the transition table`() {
        let pr = PullRequest.sample(in: .plan)
        #expect(answer(.label(.needsAttention), on: pr) == .event(.parked(note: "parked on GitHub")))
        #expect(answer(.label(.queued), on: pr) == .event(.retried(to: .queued, note: "")))
        #expect(answer(.label(.plan), on: pr) == .nothing)
        #expect(isRefused(answer(.label(.merged), on: pr)))
        #expect(isRefused(answer(.label(.implementation), on: pr)), "there is no approved plan")
        #expect(isRefused(answer(.label(.plan), on: .sample(in: .merged))))
        var planned = pr
        planned.approvedPlan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2))
        #expect(answer(.label(.implementation), on: planned) == .event(.retried(to: .implementation, note: "")))
    }

    @Test func `an approval is for what was shown, and for what can be approved`() {
        let gate = parked(.approval)
        let approve = Handle.Wish.command(.approve(overrides: []))
        #expect(answer(approve, on: gate) == .event(.approved(overrides: [], head: gate.head)))
        #expect(isRefused(answer(approve, on: gate, seen: .numbered(4))), "it has changed since")
        #expect(isRefused(answer(approve, on: gate, seen: nil)))
        #expect(isRefused(answer(approve, on: .sample(in: .plan))))
        #expect(isRefused(answer(approve, on: parked(.person))))
    }

    @Test func `an approval names the plan or the certificate that waits`() {
        let approve = Handle.Wish.command(.approve(overrides: []))
        var gate = parked(.approval)
        let certification = Certification(id: .numbered(7), squash: .numbered(8), base: gate.base)
        gate.proposal = Proposal(certification, isShadow: false)
        let landing = Approvable.certificate(.numbered(7))
        #expect(answer(approve, on: gate) == .event(.approved(overrides: [], head: gate.head, of: landing)))
        let plan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2))
        gate.reason?.stage = .planReview
        gate.approvedPlan = plan
        #expect(answer(approve, on: gate) == .event(.approved(overrides: [], head: gate.head, of: .plan(plan))))
    }

    @Test func `every rule has to be overruled by its name`() {
        let guarded = parked(
            .guard, evidence: [Violation(rule: "secret", message: ""), Violation(rule: "size", message: "")])
        let both = Handle.Wish.command(.approve(overrides: ["size", "secret"]))
        let shown = (guarded.reason?.evidence ?? []).map { Override.Objection($0) }
        #expect(
            answer(both, on: guarded)
                == .event(.approved(overrides: ["size", "secret"], head: guarded.head, seeing: shown)))
        #expect(isRefused(answer(.command(.approve(overrides: ["secret"])), on: guarded)))
        #expect(isRefused(answer(.command(.approve(overrides: [])), on: guarded)))
        #expect(isRefused(answer(.command(.approve(overrides: ["secret", "size", "x"])), on: guarded)))
        var kept = guarded
        kept.withheld = .numbered(0xF1)
        #expect(
            answer(both, on: kept)
                == .event(.approved(overrides: ["size", "secret"], head: .numbered(0xF1), seeing: shown)))
    }

    @Test func `the other commands go by the fold`() {
        let asked = parked(.question)
        #expect(answer(.command(.answer("blue")), on: asked) == .event(.answered("blue")))
        #expect(isRefused(answer(.command(.answer("blue")), on: parked(.person))))
        #expect(answer(.command(.retry(nil, note: "n")), on: asked) == .event(.retried(to: .plan, note: "n")))
        #expect(isRefused(answer(.command(.retry(nil, note: "")), on: .sample(in: .plan))))
        #expect(isRefused(answer(.command(.park(note: "")), on: asked)))
        #expect(answer(.command(.close(note: "x")), on: asked) == .event(.closed(note: "x")))
        #expect(isRefused(answer(.command(.close(note: "x")), on: .sample(in: .closed))))
        #expect(isRefused(answer(.command(.wrong("no")), on: asked)))
    }

    @Test func `a review is a note, a merge by hand an end`() {
        #expect(answer(.note("tidy up"), on: .sample(in: .plan)) == .event(.noted("tidy up")))
        #expect(answer(.note("tidy up"), on: .sample(in: .merged)) == .nothing)
        guard case .event(.closed(let note)) = answer(.merged(.numbered(9)), on: .sample(in: .plan)) else {
            Issue.record("it goes on")
            return
        }
        #expect(note.contains("by hand"))
    }

    @Test func `an account is its id, not its name`() {
        let ada = Account(id: 1, login: "ada")
        #expect(ada.isSame(as: Account(id: 1, login: "ada-new")) && !ada.isSame(as: Account(id: 2, login: "ada")))
        #expect(Account(id: nil, login: "x[bot]").isSame(as: Account(id: 4, login: "X[bot]", isBot: true)))
    }
}
