import FactoryCore
import FactoryTestSupport
import Testing

/// Where patience ends, and what a parked PR then says.
struct LifecycleBoundsTests {
    private func move(
        _ pr: PullRequest, _ outcome: Outcome, _ policy: Policy = Policy(), now: Timestamp = .noon
    ) throws -> Move {
        try Lifecycle.move(pr, on: outcome, policy: policy, now: now)
    }

    private func parked(
        _ kind: Reason.Kind, _ stage: Stage, _ rule: String, _ message: String, resume: State
    ) -> Move {
        Move(
            to: .needsAttention, reason: Reason(kind: kind, rule: rule, message: message, stage: stage),
            resume: resume)
    }

    // MARK: Agents that cannot work

    @Test(arguments: [FactoryCore.Failure.authentication, .modelUnknown])
    func `what only a person can mend parks at the first time, with what to do`(failure: FactoryCore.Failure) throws {
        let rule = "plan: the agent cannot work (\(failure.rawValue))"
        #expect(
            try move(.sample(in: .plan), .failed(failure, "log in"))
                == parked(.agent, .plan, rule, "log in", resume: .plan))
    }

    // MARK: Returns

    struct Return: CustomStringConvertible {
        let stage: Stage
        let outcome: Outcome
        let back: State
        let because: String
        var description: String { "\(stage.rawValue), \(outcome.name)" }
    }

    static let returns = [
        Return(stage: .planReview, outcome: .changesRequested, back: .plan, because: "changes were requested"),
        Return(stage: .implementationCI, outcome: .red, back: .implementation, because: "the checks were red"),
        Return(
            stage: .codeReview, outcome: .changesRequested, back: .implementation, because: "changes were requested"),
        Return(
            stage: .merge, outcome: .conflict([]), back: .implementation,
            because: "it conflicted with the main branch"),
        Return(
            stage: .merge, outcome: .redCandidate, back: .implementation,
            because: "the checks were red on the candidate"),
        Return(
            stage: .merge, outcome: .redHoldouts(["H2", "H4"]), back: .implementation,
            because: "holdouts H2, H4 failed, and landing has sent it back"),
    ]

    @Test(arguments: returns)
    func `a stage sends back twice and parks the third time`(_ arrow: Return) throws {
        var pr = PullRequest.sample(in: arrow.stage.state)
        for earlier in 0...1 {
            pr.counts[arrow.stage] = Counts()
            pr.counts[arrow.stage]?.returns = earlier
            #expect(try move(pr, arrow.outcome) == Move(to: arrow.back))
        }
        pr.counts[arrow.stage]?.returns = 2
        #expect(
            try move(pr, arrow.outcome)
                == parked(
                    .returns, arrow.stage, "\(arrow.stage.rawValue): at most 2 returns", "\(arrow.because) 3 times",
                    resume: arrow.back))
    }

    @Test func `each sending stage has a bound of its own`() throws {
        var policy = Policy()
        policy.retries.planReview = 0
        policy.retries.implementationCI = 1
        policy.retries.codeReview = 3
        policy.retries.merge = 4
        for (stage, outcome, allowed) in [
            (Stage.planReview, Outcome.changesRequested, 0), (.implementationCI, .red, 1),
            (.codeReview, .changesRequested, 3), (.merge, .redCandidate, 4),
        ] {
            var pr = PullRequest.sample(in: stage.state)
            // What other stages have sent back counts for them alone.
            for other in Stage.allCases where other != stage {
                pr.counts[other] = Counts()
                pr.counts[other]?.returns = 9
            }
            for returns in 0...5 {
                pr.counts[stage] = Counts()
                pr.counts[stage]?.returns = returns
                #expect((try move(pr, outcome, policy).to == .needsAttention) == (returns >= allowed), "\(stage)")
            }
        }
    }

    @Test func `a bound of nought and of one read as English`() throws {
        var policy = Policy()
        policy.retries.planReview = 0
        policy.retries.stage = 1
        var pr = PullRequest.sample(in: .planReview)
        let never = try move(pr, .changesRequested, policy).reason
        #expect(never?.rule == "plan-review: at most 0 returns")
        #expect(never?.message == "changes were requested 1 time")
        pr.counts[.planReview] = Counts()
        pr.counts[.planReview]?.failures = 1
        #expect(try move(pr, .failed(.stalled, "..."), policy).reason?.rule == "plan-review: at most 1 retry")
    }

    // MARK: Failures and deaths

    @Test(arguments: Stage.allCases)
    func `a stage gets two fresh sessions after failed ones`(_ stage: Stage) throws {
        var pr = PullRequest.sample(in: stage.state)
        let failed = Outcome.failed(.invalidResult, "no verdict")
        for failures in 0...1 {
            pr.counts[stage] = Counts()
            pr.counts[stage]?.failures = failures
            #expect(try move(pr, failed) == Move(to: stage.state))
        }
        pr.counts[stage]?.failures = 2
        #expect(
            try move(pr, failed)
                == parked(
                    .failed, stage, "\(stage.rawValue): at most 2 retries",
                    "3 attempts failed, the last with invalid-result: no verdict", resume: stage.state))
    }

    @Test(arguments: Stage.allCases)
    func `the third death of the line in one stage parks`(_ stage: Stage) throws {
        var pr = PullRequest.sample(in: stage.state)
        for deaths in 0...1 {
            pr.counts[stage] = Counts()
            pr.counts[stage]?.interruptions = deaths
            #expect(try move(pr, .interrupted) == Move(to: stage.state))
        }
        pr.counts[stage]?.interruptions = 2
        #expect(
            try move(pr, .interrupted)
                == parked(
                    .interrupted, stage, "\(stage.rawValue): at most 2 interruptions",
                    "the line died 3 times in this stage", resume: stage.state))
    }

    // MARK: Waiting

    private func putOff(until: Timestamp) -> Outcome {
        .deferred(Deferral(kind: .rateLimit, until: until, message: "429, try later"))
    }

    private func waiting(since: Timestamp, count: Int, costUSD: Double) -> PullRequest {
        var pr = PullRequest.sample(in: .plan)
        pr.waiting = Waiting(since: since, count: count, costUSD: costUSD)
        return pr
    }

    @Test func `a PR is put off so many times and no more`() throws {
        let until = Timestamp.noon + 60
        #expect(
            try move(waiting(since: .noon, count: 23, costUSD: 0), putOff(until: until))
                == Move(to: .plan, notBefore: until))
        #expect(
            try move(waiting(since: .noon, count: 24, costUSD: 0), putOff(until: until))
                == parked(.deferred, .plan, "plan: put off at most 24 times", "429, try later", resume: .plan))
    }

    @Test func `a PR waits for a day in all and no longer`() throws {
        let pr = waiting(since: .noon, count: 1, costUSD: 0)
        let day = Timestamp.noon + 86_400
        #expect(try move(pr, putOff(until: day), now: .noon + 80_000) == Move(to: .plan, notBefore: day))
        #expect(
            try move(pr, putOff(until: day + 0.001), now: .noon + 80_000)
                == parked(.deferred, .plan, "plan: put off for at most 24 hours", "429, try later", resume: .plan))
        #expect(
            try move(.sample(in: .plan), putOff(until: .noon + 86_401)).to == .needsAttention,
            "the first wait is bounded as well")
    }

    @Test func `put-off sessions may cost so much and no more`() throws {
        let until = Timestamp.noon + 60
        #expect(
            try move(waiting(since: .noon, count: 1, costUSD: 5), putOff(until: until))
                == Move(to: .plan, notBefore: until))
        #expect(
            try move(waiting(since: .noon, count: 1, costUSD: 5.01), putOff(until: until))
                == parked(
                    .deferred, .plan, "plan: put off at a cost of at most 5.0 USD", "429, try later", resume: .plan))
    }

    @Test func `a stop of the line is held against nobody`() throws {
        let stop = Outcome.deferred(Deferral(kind: .stopped, until: .noon, message: "stopped"))
        #expect(
            try move(waiting(since: .noon + -90_000, count: 99, costUSD: 99), stop) == Move(to: .plan))
    }

    @Test func `a landing contends for a quarter of an hour`() throws {
        var pr = PullRequest.sample(in: .merge)
        #expect(try move(pr, .lostSwap) == Move(to: .merge))
        pr.contendedSince = .noon
        #expect(try move(pr, .lostSwap, now: .noon + 900) == Move(to: .merge))
        #expect(
            try move(pr, .lostSwap, now: .noon + 900.001)
                == parked(
                    .contention, .merge, "merge: at most 15 minutes of contention",
                    "the main branch moved before every attempt to land", resume: .merge))
    }

    @Test func `where one attempt takes long, some are made all the same`() throws {
        var pr = PullRequest.sample(in: .merge)
        pr.contendedSince = .noon
        for attempt in 1...5 {
            let now = Timestamp.noon + Double(attempt) * 1200
            pr.active = Session(token: "t", stage: .merge, attempt: attempt + 1, startedAt: now + -1200)
            #expect((try move(pr, .lostSwap, now: now).reason == nil) == (attempt < 5), "\(attempt)")
        }
    }

    // MARK: What stops at once

    @Test func `a guard's stop names every rule once and keeps the evidence`() throws {
        let violations = ["diff-size", "secrets", "diff-size"].map { Violation(rule: $0, message: "no") }
        let move = try move(.sample(in: .merge), .guardTripped(violations))
        #expect(
            move.reason
                == Reason(
                    kind: .guard, rule: "diff-size, secrets", message: "3 objections", evidence: violations,
                    stage: .merge))
        #expect(move.resume == .implementation)
        let single = try self.move(.sample(in: .plan), .guardTripped([violations[1]]))
        #expect(single.reason?.message == "no")
        let flood = Array(repeating: violations[0], count: 1000)
        #expect(try self.move(.sample(in: .plan), .guardTripped(flood)).reason?.evidence.count == 50)
    }

    @Test func `a question is asked in the agent's words`() throws {
        #expect(
            try move(.sample(in: .codeReview), .question("which colour?"))
                == parked(.question, .codeReview, "code-review: question", "which colour?", resume: .codeReview))
        #expect(
            try move(.sample(in: .implementation), .blocked("no such library")).reason?.rule
                == "implementation: blocked")
    }

    @Test func `what cannot land says why`() throws {
        let pr = PullRequest.sample(in: .merge)
        #expect(
            try move(pr, .alreadyContained).reason?.message == "the main branch already has this change")
        #expect(try move(pr, .approvalNeeded("the floor")).reason?.message == "the floor")
        #expect(
            try move(pr, .baseLost).reason?.message
                == "the commit it was based on is no longer in the main branch's history")
    }
}
