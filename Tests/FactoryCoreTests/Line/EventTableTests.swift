import FactoryCore
import FactoryTestSupport
import Testing

/// Every event in every state: where it leads, or that it is refused.
struct EventTableTests {
    struct Row: CustomStringConvertible {
        let event: Event
        /// Where it leads, by the state it comes in. A state that is not named refuses it.
        let leads: [State: State]
        var description: String { event.kind }

        init(_ event: Event, _ leads: [State: State]) {
            self.event = event
            self.leads = leads
        }

        /// The same end from many states.
        init(_ event: Event, from states: [State], to end: State) {
            self.init(event, Dictionary(uniqueKeysWithValues: states.map { ($0, end) }))
        }

        /// It moves nothing.
        init(_ event: Event, in states: [State]) {
            self.init(event, Dictionary(uniqueKeysWithValues: states.map { ($0, $0) }))
        }
    }

    static let open = State.allCases.filter { $0 != .merged && $0 != .closed }
    static let worked: [State] = [.plan, .planReview, .implementation, .implementationCI, .codeReview, .merge]
    static let squash = CommitID.numbered(0xE1)
    static let certification = Certification(id: .numbered(0xE2), squash: squash, base: .numbered(0xB1))
    static let pushed = CommitID.numbered(0xE3)

    static let table = [
        Row(.opened(.sample()), [:]),
        Row(.amended(.sample(title: "Better")), from: open + [.closed], to: .queued),
        Row(.pushed(head: pushed, base: .numbered(0xBA), to: .queued), from: open, to: .queued),
        Row(.pushed(head: pushed, base: .numbered(0xBA), to: .implementationCI), from: open, to: .implementationCI),
        Row(.pushed(head: pushed, base: .numbered(0xBA), to: .codeReview), [.codeReview: .codeReview]),
        Row(.pushed(head: pushed, base: .numbered(0xBA), to: .needsAttention), [.needsAttention: .needsAttention]),
        Row(.pushed(head: pushed, base: .numbered(0xBA), to: .merged), [:]),
        Row(.pushed(head: pushed, base: .numbered(0xBA), to: .closed), [:]),
        Row(.certified(token: "token", certification, certificate: .null), in: [.merge]),
        Row(.landed(squash), [.merge: .merged]),
        Row(.landed(.numbered(0xE4)), [:]),
        Row(.reverting(certification, certificate: .null, note: "no"), in: [.merged]),
        Row(.reverted(squash), in: [.merged]),
        Row(.reverted(.numbered(0xE4)), [:]),
        Row(.approved(overrides: [], head: .numbered(0xA1)), [:]),
        Row(.resumed(to: .merge, note: ""), [:]),
        Row(.answered("blue"), [.needsAttention: .codeReview]),
        Row(.retried(to: .implementation, note: "go"), from: open, to: .implementation),
        Row(.retried(to: .queued, note: ""), from: open, to: .queued),
        Row(.retried(to: .needsAttention, note: ""), [:]),
        Row(.retried(to: .merged, note: ""), [:]),
        Row(.retried(to: .closed, note: ""), [:]),
        Row(.parked(note: "wait"), from: [.queued] + worked, to: .needsAttention),
        Row(.closed(note: "no"), from: open, to: .closed),
        Row(.noted("hm"), in: State.allCases),
        Row(.unknown(kind: "sung", ["song": "la"]), in: State.allCases),
    ]

    /// A PR that has all that the state can have: a session, a certificate, a question.
    static func prepared(in state: State) -> PullRequest {
        var pr = PullRequest.sample(in: state)
        pr.approvedPlan = ApprovedPlan(spec: .numbered(1), plan: .numbered(2))
        if let stage = state.stage {
            pr.active = Session(token: "token", stage: stage, attempt: 1, startedAt: .noon)
        }
        if state == .merge { pr.certificate = certification }
        if state == .merged { pr.revert = certification }
        if state == .needsAttention {
            pr.reason = Reason(kind: .question, rule: "code-review: question", message: "which?", stage: .codeReview)
            pr.resume = .codeReview
        }
        return pr
    }

    @Test(arguments: table)
    func `an event leads where the table says and is refused elsewhere`(_ row: Row) {
        for state in State.allCases {
            let before = Self.prepared(in: state)
            let after = Result { () throws(IllegalMove) -> PullRequest in try before.after(row.event) }
            switch (row.leads[state], after) {
            case (nil, .failure(let error)): #expect(error.state == state)
            case (let end?, .success(let pr)): #expect(pr.state == end, "from \(state)")
            case (let end, let after): Issue.record("in \(state) the table says \(String(describing: end)): \(after)")
            }
        }
    }

    @Test(arguments: Stage.allCases)
    func `a session starts in its own stage, and the first one from the queue`(_ stage: Stage) {
        for state in State.allCases {
            let pr = PullRequest.sample(in: state)
            let after = try? pr.after(.started(.next(stage, of: pr)))
            let allowed = state == stage.state || (state == .queued && stage == .plan)
            #expect(after?.state == (allowed ? stage.state : nil), "from \(state)")
        }
    }

    @Test func `a push skips the plan only when a plan was approved`() throws {
        let pr = PullRequest.sample(in: .queued)
        #expect(throws: IllegalMove(state: .queued, what: "pushed to")) {
            try pr.after(.pushed(head: Self.pushed, base: .numbered(0xBA), to: .implementationCI))
        }
    }

    @Test func `what was taken back once cannot be taken back again`() throws {
        let merged = Self.prepared(in: .merged)
        #expect(merged.isInMain && merged.certified == nil)
        let reverted = try merged.after(.reverted(Self.squash))
        #expect(!reverted.isInMain && reverted.reverted == Self.squash)
        for event in [Event.reverted(Self.squash), .reverting(Self.certification, certificate: .null, note: "")] {
            #expect(throws: IllegalMove(state: .merged, what: "reverted")) { try reverted.after(event) }
        }
    }

    @Test(arguments: [State.merged, .closed])
    func `what has ended is no news again by a remark`(_ state: State) throws {
        let ended = PullRequest.sample(in: state)
        #expect(try ended.after(.noted("well done"), .unknown(kind: "sung", [:])) == ended)
        let open = PullRequest.sample()
        #expect(try open.after(.noted("hurry")).updatedAt == open.updatedAt + 1)
    }
}
