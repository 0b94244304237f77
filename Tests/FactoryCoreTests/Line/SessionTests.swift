import FactoryCore
import FactoryTestSupport
import Testing

/// Who may end a session: only the one that holds its token, and only while nobody has moved the PR.
struct SessionTests {
    private func running(_ stage: Stage = .implementation) throws -> PullRequest {
        let pr = PullRequest.sample(in: stage.state)
        return try pr.after(.started(.next(stage, of: pr, token: "mine")))
    }

    private func finish(of pr: PullRequest, _ outcome: Outcome = .delivered) throws -> Finish {
        try Finish.active(of: pr, outcome)
    }

    @Test func `a start opens a session and counts an attempt`() throws {
        let pr = try running()
        #expect(
            pr.active
                == Session(token: "mine", stage: .implementation, attempt: 1, startedAt: .noon + 1))
        #expect(pr.counts[.implementation]?.attempts == 1)
    }

    @Test func `two sessions never run at once`() throws {
        let pr = try running()
        #expect(throws: IllegalMove(state: .implementation, what: "started in implementation")) {
            try pr.after(.started(.next(.implementation, of: pr, token: "another")))
        }
    }

    @Test func `attempts are counted without gaps`() throws {
        var start = Start.next(.plan, of: .sample())
        start.attempt = 2
        #expect(throws: IllegalMove.self) { try PullRequest.sample(in: .plan).after(.started(start)) }
        start.attempt = 0
        #expect(throws: IllegalMove.self) { try PullRequest.sample(in: .plan).after(.started(start)) }
    }

    @Test func `a session ends with its own token, stage and attempt`() throws {
        let pr = try running()
        let right = try finish(of: pr)
        #expect(try pr.after(.finished(right)).state == .implementationCI)
        let wrong: [Finish] = [
            Finish(token: "yours", stage: .implementation, attempt: 1, outcome: .delivered, move: right.move),
            Finish(token: "mine", stage: .plan, attempt: 1, outcome: .delivered, move: Move(to: .planReview)),
            Finish(token: "mine", stage: .implementation, attempt: 2, outcome: .delivered, move: right.move),
        ]
        for finish in wrong {
            #expect(throws: IllegalMove(state: .implementation, what: "finished as delivered")) {
                try pr.after(.finished(finish))
            }
        }
    }

    @Test func `a session ends once`() throws {
        let pr = try running(.plan)
        let again = try Finish.active(of: pr, .failed(.crashed, "signal 9"))
        let failed = try pr.after(.finished(again))
        #expect(failed.active == nil)
        #expect(throws: IllegalMove.self) { try failed.after(.finished(again)) }
        let next = try failed.after(.started(.next(.plan, of: failed)))
        #expect(throws: IllegalMove.self, "the late report of a dead session") { try next.after(.finished(again)) }
    }

    static let remarks: [Event] = [.noted("mind the gap"), .unknown(kind: "sung", ["song": "la"])]

    @Test(arguments: remarks)
    func `a remark leaves the session running`(_ remark: Event) throws {
        let pr = try running()
        let remarked = try pr.after(remark)
        #expect(remarked.active == pr.active)
        #expect(try remarked.after(.finished(try finish(of: pr))).state == .implementationCI)
    }

    static let commands: [Event] = [
        .closed(note: "no"), .parked(note: "wait"), .retried(to: .implementation, note: "again"),
        .amended(.sample(title: "Better")), .pushed(head: .numbered(0xE3), base: .numbered(0xBA), to: .implementation),
    ]

    @Test(arguments: commands)
    func `a command that moves or ends the PR ends the session`(_ command: Event) throws {
        let pr = try running()
        let moved = try pr.after(command)
        #expect(moved.active == nil)
        #expect(throws: IllegalMove.self) { try moved.after(.finished(try finish(of: pr))) }
    }

    @Test func `only the session that lands may certify`() throws {
        let certification = Certification(id: .numbered(1), squash: .numbered(2), base: .numbered(3))
        let pr = try running(.merge)
        #expect(throws: IllegalMove(state: .merge, what: "certified")) {
            try pr.after(.certified(token: "yours", certification, certificate: .null))
        }
        let certified = try pr.after(.certified(token: "mine", certification, certificate: .null))
        #expect(certified.certificate == certification)
        #expect(throws: IllegalMove(state: .merge, what: "landed")) { try certified.after(.landed(.numbered(9))) }
        let landed = try certified.after(.landed(.numbered(2)))
        #expect(landed.state == .merged)
        #expect(landed.landed == .numbered(2))
        #expect(landed.active == nil)
    }

    @Test func `a lost race voids the certificate`() throws {
        let certification = Certification(id: .numbered(1), squash: .numbered(2), base: .numbered(3))
        let pr = try running(.merge).after(.certified(token: "mine", certification, certificate: .null))
        let lost = try pr.after(.finished(try finish(of: pr, .lostSwap)))
        #expect(lost.state == .merge)
        #expect(lost.certificate == nil)
        #expect(throws: IllegalMove.self) { try lost.after(.landed(.numbered(2))) }
    }

    @Test func `nothing parks without a reason and a way on`() throws {
        let pr = try running()
        let reason = Reason(kind: .question, rule: "implementation: question", message: "which?")
        let unsound: [Move] = [
            Move(to: .needsAttention), Move(to: .needsAttention, reason: reason),
            Move(to: .needsAttention, resume: .plan), Move(to: .needsAttention, reason: reason, resume: .merged),
            Move(to: .needsAttention, reason: reason, resume: .closed),
            Move(to: .needsAttention, reason: reason, resume: .needsAttention),
        ]
        for move in unsound {
            #expect(throws: IllegalMove.self, "\(move)") {
                try pr.after(
                    .finished(
                        Finish(
                            token: "mine", stage: .implementation, attempt: 1, outcome: .question("which?"), move: move)
                    ))
            }
        }
        let delivered = Finish(
            token: "mine", stage: .implementation, attempt: 1, outcome: .delivered,
            move: Move(to: .implementationCI, reason: reason))
        #expect(throws: IllegalMove.self, "a reason belongs to a stop") { try pr.after(.finished(delivered)) }
    }
}
