import FactoryCore
import FactoryTestSupport
import Testing

/// What the journal counts, for how long, and what a person's command forgets.
struct CountingTests {
    /// The PR after one session of a stage.
    private func turn(
        _ pr: PullRequest, _ outcome: Outcome, usage: Usage = .unknown, at time: Timestamp? = nil
    ) throws -> PullRequest {
        guard let stage = pr.state == .queued ? .plan : pr.state.stage else {
            throw IllegalMove(state: pr.state, what: "worked")
        }
        let time = time ?? pr.updatedAt + 1
        let started = try pr.applying(Entry(.started(.next(stage, of: pr)), at: time, by: "factory"))
        var finish = try Finish.active(of: started, outcome, at: time)
        finish.usage = usage
        return try started.applying(Entry(.finished(finish), at: time, by: "factory"))
    }

    private func deferral(_ kind: Deferral.Kind = .quota, until: Timestamp) -> Outcome {
        .deferred(Deferral(kind: kind, until: until, message: "later"))
    }

    @Test func `a session counts what its outcome costs and nothing else`() throws {
        func counts(_ outcome: Outcome, in stage: Stage) throws -> Counts? {
            try turn(.sample(in: stage.state), outcome).counts[stage]
        }
        for (outcome, stage, returns, failures, interruptions) in [
            (Outcome.delivered, Stage.plan, 0, 0, 0), (.approved, .planReview, 0, 0, 0),
            (.green, .implementationCI, 0, 0, 0), (.changesRequested, .codeReview, 1, 0, 0),
            (.red, .implementationCI, 1, 0, 0), (.conflict([]), .merge, 1, 0, 0), (.redCandidate, .merge, 1, 0, 0),
            (.redHoldouts(["H1"]), .merge, 1, 0, 0),
            (.failed(.timeout, ""), .merge, 0, 1, 0), (.interrupted, .plan, 0, 0, 1),
            (deferral(until: .noon + 60), .plan, 0, 0, 0), (.lostSwap, .merge, 0, 0, 0),
            (.question("?"), .plan, 0, 0, 0), (.baseLost, .plan, 0, 0, 0), (.alreadyContained, .merge, 0, 0, 0),
        ] {
            var expected = Counts()
            expected.attempts = 1
            expected.returns = returns
            expected.failures = failures
            expected.interruptions = interruptions
            #expect(try counts(outcome, in: stage) == expected, "\(outcome)")
        }
    }

    @Test func `a conflict and a red candidate share one bound`() throws {
        var pr = PullRequest.sample(in: .merge)
        for outcome in [Outcome.conflict([]), .redCandidate] {
            pr = try turn(pr, outcome)
            #expect(pr.state == .implementation)
            pr = try turn(turn(turn(pr, .delivered), .green), .approved)
        }
        #expect(try turn(pr, .conflict([])).reason?.rule == "merge: at most 2 returns")
    }

    @Test func `counts hold over the whole life, and a person's retry forgets all but the attempts`() throws {
        var pr = PullRequest.sample(in: .planReview)
        for _ in 1...2 { pr = try turn(turn(pr, .changesRequested), .delivered) }
        pr = try turn(turn(pr, .failed(.stalled, "")), .interrupted)
        pr = try turn(pr, deferral(until: .noon + 60), usage: Usage(costUSD: 1))
        #expect(pr.counts[.planReview]?.returns == 2)
        #expect(pr.waiting?.count == 1)
        let retried = try pr.after(.retried(to: .planReview, note: "once more"))
        var expected = Counts()
        expected.attempts = 5
        #expect(retried.counts[.planReview] == expected)
        #expect(retried.counts[.plan]?.attempts == 2)
        #expect(retried.waiting == nil)
        #expect(retried.notBefore == nil)
        #expect(retried.usage == Usage(costUSD: 1), "money that is spent stays spent")
    }

    @Test func `submitting again starts over but never numbers an attempt twice`() throws {
        let pr = try turn(turn(.sample(), .delivered, usage: Usage(costUSD: 2)), .changesRequested)
        let amended = try pr.after(.amended(.sample(title: "Better", priority: 3, head: .numbered(0xA2))))
        #expect(amended.title == "Better")
        #expect(amended.priority == 3)
        #expect(amended.head == .numbered(0xA2))
        #expect(amended.openedAt == pr.openedAt)
        #expect(amended.counts[.planReview]?.returns == 0)
        #expect(amended.counts[.planReview]?.attempts == 1)
        #expect(amended.usage == Usage(costUSD: 2))
    }

    @Test func `another spec is no amendment`() throws {
        #expect(throws: IllegalMove(state: .queued, what: "amended")) {
            try PullRequest.sample(7).after(.amended(.sample(8)))
        }
    }

    @Test func `a login that is refused counts against no bound`() throws {
        let pr = try turn(.sample(in: .plan), .failed(.authentication, "401"))
        #expect(pr.state == .needsAttention && pr.reason?.kind == .agent && pr.resume == .plan)
        #expect(pr.counts[.plan]?.failures == 0)
        #expect(try turn(.sample(in: .plan), .failed(.crashed, "")).counts[.plan]?.failures == 1)
    }

    @Test func `waiting adds up until a session ends otherwise`() throws {
        var pr = PullRequest.sample(in: .plan)
        pr = try turn(pr, deferral(until: .noon + 60), usage: Usage(costUSD: 1), at: .noon + 10)
        #expect(pr.notBefore == .noon + 60)
        pr = try turn(pr, deferral(.host, until: .noon + 90), usage: Usage(costUSD: 0.5), at: .noon + 70)
        #expect(pr.waiting == Waiting(since: .noon + 10, count: 2, costUSD: 1.5))
        #expect(try turn(pr, .delivered).waiting == nil)
        #expect(try turn(pr, .failed(.crashed, "")).waiting == nil)
        #expect(try turn(pr, .delivered).notBefore == nil)
    }

    @Test func `a stop of the line neither counts nor forgets`() throws {
        let waited = try turn(.sample(in: .plan), deferral(until: .noon + 60), usage: Usage(costUSD: 1))
        let stopped = try turn(waited, deferral(.stopped, until: .noon + 5))
        #expect(stopped.waiting == waited.waiting)
        #expect(stopped.notBefore == nil)
        #expect(try turn(.sample(in: .plan), deferral(.stopped, until: .noon)).waiting == nil)
    }

    @Test func `being put off for hours leaves a landing its quarter of an hour`() throws {
        let waited = try turn(.sample(in: .merge), deferral(.host, until: .noon + 7200), at: .noon)
        let lost = try turn(waited, .lostSwap, at: .noon + 7200)
        #expect(lost.state == .merge)
        #expect(lost.contendedSince == .noon + 7200)
        #expect(lost.waiting == waited.waiting)
        #expect(try turn(lost, .lostSwap, at: .noon + 7200 + 900).state == .merge)
        #expect(try turn(lost, .lostSwap, at: .noon + 7200 + 901).reason?.kind == .contention)
    }

    @Test func `lost races are no deferrals`() throws {
        var pr = PullRequest.sample(in: .merge)
        for second in 1...40 { pr = try turn(pr, .lostSwap, at: .noon + Double(second)) }
        #expect(pr.waiting == nil)
        let putOff = try turn(pr, deferral(.host, until: .noon + 100), at: .noon + 50)
        #expect(putOff.state == .merge)
        #expect(putOff.waiting?.count == 1)
        #expect(putOff.contendedSince == nil)
    }

    @Test func `what sessions use adds up, and an unknown part is no nought`() {
        #expect(Usage.unknown + .unknown == .unknown)
        #expect(Usage(inputTokens: 5) + Usage(costUSD: 1) == Usage(inputTokens: 5, costUSD: 1))
        #expect(
            Usage(inputTokens: 1, outputTokens: 2, costUSD: 0.5) + Usage(inputTokens: 3, outputTokens: 4, costUSD: 1)
                == Usage(inputTokens: 4, outputTokens: 6, costUSD: 1.5))
    }

    @Test func `no figure that an agent invents ends the program`() {
        let absurd = Usage(inputTokens: .max, outputTokens: .max, costUSD: .greatestFiniteMagnitude)
        #expect(absurd + absurd == absurd)
    }
}
