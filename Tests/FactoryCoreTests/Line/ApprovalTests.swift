import FactoryCore
import FactoryTestSupport
import Testing

/// Approvals, by agents and by people: what gives them, what voids them, what an override lets pass.
struct ApprovalTests {
    private static let plan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2))
    private static let tested = Tested(tree: .numbered(3), floor: .numbered(0xB1), checks: [])
    private static let newHead = CommitID.numbered(0xA2)

    /// Everything that can be approved, is.
    private func approved(in state: State = .merge) -> PullRequest {
        var pr = PullRequest.sample(in: state)
        pr.approvedPlan = Self.plan
        pr.tested = Self.tested
        pr.reviewedHead = pr.head
        pr.approvedHead = pr.head
        pr.overrides = [Override(rule: "diff-size", by: "ann")]
        return pr
    }

    private func finish(
        _ pr: PullRequest, _ outcome: Outcome, _ change: (inout Finish) -> Void = { _ in }
    ) throws -> PullRequest {
        guard let stage = pr.state.stage else { throw IllegalMove(state: pr.state, what: "worked") }
        let started = try pr.after(.started(.next(stage, of: pr)))
        var finish = try Finish.active(of: started, outcome)
        change(&finish)
        return try started.after(.finished(finish), by: "factory")
    }

    // MARK: What gives them

    @Test func `the plan review approves spec and plan, the code review approves the head`() throws {
        let planned = try finish(.sample(in: .planReview), .approved) { $0.approvedPlan = Self.plan }
        #expect(planned.approvedPlan == Self.plan)
        #expect(planned.reviewedHead == nil)
        let reviewed = try finish(.sample(in: .codeReview), .approved)
        #expect(reviewed.reviewedHead == reviewed.head)
        #expect(reviewed.approvedPlan == nil)
    }

    @Test func `green checks record the tree that they saw`() throws {
        let green = try finish(.sample(in: .implementationCI), .green) { $0.tested = Self.tested }
        #expect(green.tested == Self.tested)
    }

    // MARK: What voids them

    @Test func `a new head voids what was said of the old one`() throws {
        let pr = try finish(approved(in: .implementation), .delivered) { $0.head = Self.newHead }
        #expect(pr.head == Self.newHead)
        #expect(pr.tested == nil)
        #expect(pr.reviewedHead == nil)
        #expect(pr.approvedHead == nil)
        #expect(pr.approvedPlan == Self.plan)
        #expect(pr.overrides == [Override(rule: "diff-size", by: "ann")])
    }

    @Test func `the same head voids nothing`() throws {
        let before = approved(in: .implementation)
        let pr = try finish(before, .failed(.noChange, "")) { $0.head = before.head }
        #expect(pr.reviewedHead == before.head)
        #expect(pr.tested == Self.tested)
    }

    @Test func `a head that is brought onto the main branch is to be reviewed anew`() throws {
        let before = approved()
        var start = Start.next(.merge, of: before)
        start.head = Self.newHead
        start.base = .numbered(0xB2)
        let pr = try before.after(.started(start))
        #expect(pr.head == Self.newHead)
        #expect(pr.base == .numbered(0xB2))
        #expect(pr.reviewedHead == nil)
        #expect(pr.approvedHead == nil)
    }

    @Test func `an answer that the line adds to the plan stays approved`() throws {
        let before = approved(in: .implementation)
        var start = Start.next(.implementation, of: before)
        start.plan = .numbered(9)
        #expect(
            try before.after(.started(start)).approvedPlan == ApprovedPlan(spec: Self.plan.spec, plan: .numbered(9)))
    }

    @Test func `a push voids every approval of the head, and of the plan when it goes back to the queue`() throws {
        let pushed = try approved().after(.pushed(head: Self.newHead, base: .numbered(0xBA), to: .implementationCI))
        #expect(pushed.head == Self.newHead)
        #expect(pushed.tested == nil)
        #expect(pushed.reviewedHead == nil)
        #expect(pushed.approvedHead == nil)
        #expect(pushed.overrides.isEmpty)
        #expect(pushed.approvedPlan == Self.plan)
        #expect(
            try approved().after(.pushed(head: Self.newHead, base: .numbered(0xBA), to: .queued)).approvedPlan == nil)
    }

    @Test func `a push to a parked PR leaves it parked, for the same reason`() throws {
        let parked = try approved(in: .implementation).after(.parked(note: "wait"))
        let pushed = try parked.after(.pushed(head: Self.newHead, base: .numbered(0xBA), to: .needsAttention))
        #expect(pushed.state == .needsAttention)
        #expect(pushed.reason == parked.reason)
        #expect(pushed.resume == .implementation)
        #expect(pushed.reviewedHead == nil)
    }

    @Test func `submitting again voids everything`() throws {
        let amended = try approved().after(.amended(.sample()))
        #expect(amended.approvedPlan == nil)
        #expect(amended.tested == nil)
        #expect(amended.reviewedHead == nil)
        #expect(amended.approvedHead == nil)
        #expect(amended.overrides.isEmpty)
    }

    @Test func `a plan that is to be changed or judged again is no longer approved`() throws {
        #expect(try finish(approved(in: .planReview), .changesRequested).approvedPlan == nil)
        for state in [State.queued, .plan, .planReview] {
            #expect(try approved().after(.retried(to: state, note: "")).approvedPlan == nil, "\(state)")
        }
        for state in [State.implementation, .implementationCI, .codeReview, .merge] {
            #expect(try approved().after(.retried(to: state, note: "")).approvedPlan == Self.plan, "\(state)")
        }
    }

    // MARK: A person's approval of the landing

    @Test func `a person approves exactly the head that waits`() throws {
        var pr = approved()
        pr.approvedHead = nil
        let waiting = try finish(pr, .approvalNeeded("a change of the floor"))
        #expect(throws: IllegalMove(state: .needsAttention, what: "approved")) {
            try waiting.after(.approved(overrides: [], head: Self.newHead))
        }
        #expect(throws: IllegalMove.self, "no guard stands in the way") {
            try waiting.after(.approved(overrides: ["secrets"], head: waiting.head))
        }
        let free = try waiting.after(.approved(overrides: [], head: waiting.head))
        #expect(free.state == .merge)
        #expect(free.approvedHead == waiting.head)
        #expect(free.reason == nil)
    }

    private static let shown = Certification(id: .numbered(0xC1), squash: .numbered(0xC2), base: .numbered(0xB1))

    /// A landing that was certified and then waits for a person.
    private func shown(_ outcome: Outcome = .approvalNeeded("a gate")) throws -> PullRequest {
        var pr = approved()
        (pr.approvedHead, pr.overrides) = (nil, [])
        let started = try pr.after(.started(.next(.merge, of: pr)))
        let certified = try started.after(
            .certified(token: started.active?.token ?? "", Self.shown, certificate: .null))
        return try certified.after(.finished(.active(of: certified, outcome)), by: "factory")
    }

    @Test func `a person approves the certificate that was shown, and no other`() throws {
        let waiting = try shown()
        #expect(waiting.proposal == Proposal(Self.shown, isShadow: false))
        #expect(waiting.certificate == nil)
        #expect(throws: IllegalMove.self) {
            try waiting.after(.approved(overrides: [], head: waiting.head, of: .certificate(.numbered(9))))
        }
        #expect(throws: IllegalMove.self) {
            try waiting.after(.approved(overrides: [], head: waiting.head, of: .plan(Self.plan)))
        }
        let free = try waiting.after(.approved(overrides: [], head: waiting.head, of: .certificate(.numbered(0xC1))))
        #expect(free.state == .merge)
        #expect(free.approvals == [Approval(of: .certificate(.numbered(0xC1)), by: "ann")])
        let approval = try #require(free.certificateApproval)
        #expect(approval == (.numbered(0xC1), "ann"))
    }

    @Test func `whatever changes the head, or judges again, voids certificate and approval`() throws {
        let waiting = try shown()
        let free = try waiting.after(.approved(overrides: [], head: waiting.head, of: .certificate(.numbered(0xC1))))
        let after = [
            try free.after(.pushed(head: Self.newHead, base: .numbered(0xBA), to: .implementationCI)),
            try free.after(.amended(.sample())), try free.after(.retried(to: .merge, note: "")),
        ]
        for pr in after { #expect(pr.approvals.isEmpty && pr.proposal == nil) }
        let pushed = try waiting.after(.pushed(head: Self.newHead, base: .numbered(0xBA), to: .needsAttention))
        #expect(pushed.proposal == nil)
        #expect(throws: IllegalMove.self) {
            try pushed.after(.approved(overrides: [], head: pushed.head, of: .certificate(.numbered(0xC1))))
        }
    }

    @Test func `in shadow it is kept with its certificate, until the line may land`() throws {
        let kept = try shown(.wouldLand("shadow"))
        #expect(kept.reason?.kind == .shadow)
        #expect(kept.proposal == Proposal(Self.shown, isShadow: true))
        #expect(throws: IllegalMove.self) {
            try kept.after(.approved(overrides: [], head: kept.head, of: .certificate(.numbered(0xC1))))
        }
        #expect(throws: IllegalMove.self) { try kept.after(.resumed(to: .plan, note: "")) }
        #expect(try kept.after(.resumed(to: .merge, note: "")).state == .merge)
        #expect(throws: IllegalMove.self) { try shown().after(.resumed(to: .merge, note: "")) }
        #expect(try kept.after(.closed(note: "")).proposal == kept.proposal, "the tally goes on counting it")
    }

    @Test func `a plan waits for a person, who approves spec and plan as they were reviewed`() throws {
        var policy = Policy()
        policy.asksBeforeImplementation = true
        let started = try PullRequest.sample(in: .planReview).after(.started(.next(.planReview, of: .sample())))
        var finish = try Finish.active(of: started, .approved, policy: policy)
        finish.approvedPlan = Self.plan
        let waiting = try started.after(.finished(finish), by: "factory")
        #expect(waiting.reason?.kind == .approval)
        #expect(waiting.resume == .plan)
        let others: [Approvable?] = [
            nil, .certificate(.numbered(1)), .plan(ApprovedPlan(spec: .numbered(1), plan: .numbered(9))),
        ]
        for wrong in others {
            #expect(throws: IllegalMove.self) {
                try waiting.after(.approved(overrides: [], head: waiting.head, of: wrong))
            }
        }
        let free = try waiting.after(.approved(overrides: [], head: waiting.head, of: .plan(Self.plan)))
        #expect(free.state == .implementation)
        #expect(free.approvals == [Approval(of: .plan(Self.plan), by: "ann")])
        #expect(try free.after(.retried(to: .planReview, note: "")).approvals.isEmpty)
    }

    @Test func `only guards and gates can be approved`() throws {
        let asked = try finish(.sample(in: .plan), .question("which?"))
        #expect(throws: IllegalMove.self) { try asked.after(.approved(overrides: ["x"], head: asked.head)) }
        let parked = try PullRequest.sample(in: .plan).after(.parked(note: ""))
        #expect(throws: IllegalMove.self) { try parked.after(.approved(overrides: [], head: parked.head)) }
    }

    @Test func `warnings stand while their attempt to land does`() throws {
        let warning = Violation(rule: "watched-path", message: "README.md is changed")
        var stopped = try PullRequest.sample(in: .merge).after(.started(.next(.merge, of: .sample(in: .merge))))
        var finish = try Finish.active(of: stopped, .approvalNeeded("a gate"))
        finish.warnings = [warning]
        stopped = try stopped.after(.finished(finish))
        #expect(stopped.warnings == [warning])
        let approved = try stopped.after(.approved(overrides: [], head: stopped.head))
        #expect(approved.warnings == [warning])
        #expect(try approved.after(.started(.next(.merge, of: approved))).warnings == [])
        #expect(
            try stopped.after(.pushed(head: Self.newHead, base: .numbered(0xBA), to: .needsAttention)).warnings == [])
        #expect(try stopped.after(.retried(to: .implementation, note: "")).warnings == [])
    }

    // MARK: Answers

    @Test func `a question is answered, and the same stage asks again`() throws {
        for stage in [Stage.plan, .planReview, .implementation, .codeReview] {
            let asked = try finish(.sample(in: stage.state), .question("which?"))
            #expect(try asked.after(.answered("blue")).state == stage.state)
        }
    }

    @Test func `what asks nothing takes no answer`() throws {
        let parked = try PullRequest.sample(in: .plan).after(.parked(note: ""))
        let tripped = try finish(.sample(in: .plan), .guardTripped([Violation(rule: "secrets", message: "a key")]))
        for pr in [parked, tripped, .sample(in: .plan)] {
            #expect(throws: IllegalMove(state: pr.state, what: "answered, because it asks nothing")) {
                try pr.after(.answered("blue"))
            }
        }
    }

    // MARK: Overrides

    private let two = [Violation(rule: "diff-size", message: "large"), Violation(rule: "secrets", message: "a key")]

    @Test func `an override names every rule that objects`() throws {
        let tripped = try finish(approved(), .guardTripped(two))
        for rules in [[], ["secrets"], ["diff-size", "other"]] {
            #expect(throws: IllegalMove.self) { try tripped.after(.approved(overrides: rules, head: tripped.head)) }
        }
        let free = try tripped.after(
            .approved(overrides: ["secrets", "diff-size", "other"], head: tripped.head), by: "bea")
        #expect(free.state == .merge)
        #expect(
            free.overrides == [
                Override(rule: "diff-size", by: "ann"), Override(rule: "secrets", by: "bea"),
                Override(rule: "diff-size", by: "bea"),
            ])
        #expect(free.reviewedHead == free.head)
    }

    @Test func `an override stands with what the person was shown, and with nothing else`() throws {
        let tripped = try finish(approved(), .guardTripped(two))
        let shown = two.map { Override.Objection($0) }
        let rules = ["secrets", "diff-size"]
        let free = try tripped.after(.approved(overrides: rules, head: tripped.head, seeing: shown), by: "bea")
        let newest = free.overrides.suffix(2)
        #expect(newest.map(\.rule) == ["secrets", "diff-size"] && newest.allSatisfy { $0.head == tripped.head })
        #expect(newest.map(\.objections) == [[shown[1]], [shown[0]]] && newest.allSatisfy { !$0.isPartial })
        let stranger = Override.Objection(Violation(rule: "secrets", message: "", path: RepoPath("a")))
        #expect(throws: IllegalMove(state: .needsAttention, what: "approved for what nobody was shown")) {
            try tripped.after(.approved(overrides: rules, head: tripped.head, seeing: shown + [stranger]))
        }
    }

    @Test func `an override of more than can be shown says so`() throws {
        let many = (1...60).map { Violation(rule: "secrets", message: "a key", path: RepoPath("lib/\($0)")) }
        let tripped = try finish(approved(), .guardTripped(many))
        let shown = try #require(tripped.reason).objections(of: ["secrets"])
        let free = try tripped.after(.approved(overrides: ["secrets"], head: tripped.head, seeing: shown))
        let override = try #require(free.overrides.last)
        #expect(override.isPartial && override.objections.count == 50)
        #expect(override.covers(many[59], at: tripped.head) && !override.covers(many[59], at: Self.newHead))
    }

    @Test func `a person who has it planned anew takes his overrides back, and no other move does`() throws {
        let tripped = try finish(approved(), .guardTripped(two))
        let seeing = two.map { Override.Objection($0) }
        let event = Event.approved(overrides: ["secrets", "diff-size"], head: tripped.head, seeing: seeing)
        let free = try tripped.after(event)
        for state in [State.queued, .plan, .planReview, .implementation, .implementationCI, .merge] {
            let retried = try free.after(.retried(to: state, note: ""))
            let isKept = ![.queued, .plan, .planReview].contains(state)
            #expect(retried.overrides.contains { !$0.objections.isEmpty } == isKept, "\(state)")
            // Of an older version: it names no objections, and holds for its head alone.
            #expect(retried.overrides.contains(Override(rule: "diff-size", by: "ann")), "\(state)")
        }
    }

    @Test func `work that a guard kept back has the base that it was joined with`() throws {
        let base = CommitID.numbered(0xB7)
        let tripped = try finish(approved(in: .implementation), .guardTripped(two)) {
            $0.rescue = Self.newHead
            $0.base = base
        }
        #expect(tripped.base != base && tripped.withheldBase == base)
        let free = try tripped.after(.approved(overrides: ["secrets", "diff-size"], head: Self.newHead))
        #expect(free.base == base && free.withheldBase == nil)
        #expect(try tripped.after(.retried(to: .implementation, note: "")).withheldBase == nil)
    }

    @Test func `work that a guard kept back becomes the head and goes on`() throws {
        for (stage, next) in [(Stage.plan, State.planReview), (.implementation, .implementationCI)] {
            let tripped = try finish(approved(in: stage.state), .guardTripped(two)) { $0.rescue = Self.newHead }
            #expect(tripped.withheld == Self.newHead)
            #expect(tripped.head != Self.newHead)
            #expect(throws: IllegalMove.self, "the old head is not what would go on") {
                try tripped.after(.approved(overrides: ["secrets", "diff-size"], head: tripped.head))
            }
            let free = try tripped.after(.approved(overrides: ["secrets", "diff-size"], head: Self.newHead))
            #expect(free.state == next)
            #expect(free.head == Self.newHead)
            #expect(free.withheld == nil)
            #expect(free.tested == nil)
            #expect(free.reviewedHead == nil)
            #expect(free.approvedHead == nil)
        }
    }

    @Test func `a rescue without a guard is not kept for an override`() throws {
        let failed = try finish(.sample(in: .plan), .failed(.timeout, "")) { $0.rescue = Self.newHead }
        #expect(failed.withheld == nil)
    }

    @Test(arguments: [Stage.plan, .planReview, .implementation, .codeReview])
    func `where no work was kept the stage that was stopped goes on`(_ stage: Stage) throws {
        let tripped = try finish(approved(in: stage.state), .guardTripped(two))
        let free = try tripped.after(.approved(overrides: ["secrets", "diff-size"], head: tripped.head))
        #expect(free.state == stage.state)
    }

    @Test func `what the checks' guards stopped goes on to the review, and is not checked again`() throws {
        let ci = approved(in: .implementationCI)
        let tested = Tested(tree: .numbered(7), floor: .numbered(8), checks: [])
        let tripped = try finish(ci, .guardTripped(two)) { $0.tested = tested }
        #expect(tripped.resume == .implementation)
        let free = try tripped.after(.approved(overrides: ["secrets", "diff-size"], head: tripped.head))
        #expect(free.state == .codeReview)
        #expect(free.tested == tested)
        let pushed = try tripped.after(.pushed(head: Self.newHead, base: .numbered(0xBA), to: .needsAttention))
        let checked = try pushed.after(.approved(overrides: ["secrets", "diff-size"], head: Self.newHead))
        #expect(checked.state == .implementationCI)
    }

    @Test func `a head that was pushed to a stopped landing is checked before it lands`() throws {
        let pushed = try finish(approved(), .guardTripped(two))
            .after(.pushed(head: Self.newHead, base: .numbered(0xBA), to: .needsAttention))
        let free = try pushed.after(.approved(overrides: ["secrets", "diff-size"], head: Self.newHead))
        #expect(free.state == .implementationCI)
    }

    @Test func `a push takes the place of the work that was kept back`() throws {
        let pushed = try finish(approved(in: .implementation), .guardTripped(two)) { $0.rescue = .numbered(0xA9) }
            .after(.pushed(head: Self.newHead, base: .numbered(0xBA), to: .needsAttention))
        #expect(pushed.withheld == nil)
        #expect(throws: IllegalMove.self) {
            try pushed.after(.approved(overrides: ["secrets", "diff-size"], head: .numbered(0xA9)))
        }
    }
}
