package import FactoryCore

extension Timestamp {
    /// 21 November 2026, 12:00 UTC: when the tests take place.
    package static let noon = Timestamp(seconds: 1_795_262_400)
}

extension ObjectID {
    /// The id that ends in this number: the same for the same number, and no object's.
    package static func numbered(_ number: Int) -> Self {
        let digits = String(number, radix: 16)
        return Self(String(repeating: "0", count: max(0, 40 - digits.count)) + digits)
    }
}

extension Person {
    /// Who submits in tests.
    package static let ann = Person(name: "Ann", email: "ann@example.org")
}

extension Opening {
    /// A submission of spec `number`; its head and base exist nowhere unless they are given.
    package static func sample(
        _ number: Int = 7, title: String = "Add a login page", priority: Int = 0, dependsOn: [Int] = [],
        stream: String? = nil, head: CommitID = .numbered(0xA1), base: CommitID = .numbered(0xB1)
    ) -> Opening {
        let digits = String(number)
        let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return Opening(
            specPath: RepoPath("specs/\(name)-login.md"), title: title, priority: priority, dependsOn: dependsOn,
            stream: stream, author: .ann, head: head, base: base)
    }
}

extension PullRequest {
    /// A PR that stands in `state` without a way that led there.
    package static func sample(
        _ number: Int = 7, in state: State = .queued, priority: Int = 0, dependsOn: [Int] = [],
        stream: String? = nil, openedAt: Timestamp = .noon
    ) -> PullRequest {
        var pr = PullRequest(
            .sample(number, priority: priority, dependsOn: dependsOn, stream: stream), number: PRNumber(number),
            at: openedAt)
        pr.state = state
        return pr
    }

    /// The PR after these events, a second between each two. Throws at the first that does not belong there.
    package func after(_ events: Event..., by: String = "ann") throws(IllegalMove) -> PullRequest {
        var pr = self
        for event in events { pr = try pr.applying(Entry(event, at: pr.updatedAt + 1, by: by)) }
        return pr
    }
}

extension Start {
    /// The next session of a stage of `pr`, on the head as it is.
    package static func next(_ stage: Stage, of pr: PullRequest, token: String? = nil) -> Start {
        let attempt = pr.counts[stage, default: Counts()].attempts + 1
        return Start(
            stage: stage, attempt: attempt, token: token ?? "\(stage.rawValue)-\(attempt)", head: pr.head,
            base: pr.base, floor: pr.base)
    }
}

extension Finish {
    /// The end of the session that `pr` is in, moved as `Lifecycle` says. Throws when the outcome does not belong.
    package static func active(
        of pr: PullRequest, _ outcome: Outcome, policy: Policy = Policy(), at now: Timestamp? = nil
    ) throws(IllegalMove) -> Finish {
        guard let session = pr.active else { throw IllegalMove(state: pr.state, what: "finished without a session") }
        let move = try Lifecycle.move(pr, on: outcome, policy: policy, now: now ?? pr.updatedAt + 1)
        return Finish(
            token: session.token, stage: session.stage, attempt: session.attempt, outcome: outcome, move: move)
    }
}

extension Outcome {
    /// One outcome of each kind, in the order of their declaration.
    package static let oneOfEachKind: [Outcome] = [
        .delivered, .approved, .green, .changesRequested, .red, .conflict([RepoPath("a.txt")]), .redCandidate,
        .failed(.timeout, "it took too long"),
        .deferred(Deferral(kind: .quota, until: .noon + 600, message: "the quota is used up")), .interrupted,
        .lostSwap, .alreadyContained, .baseLost, .question("which colour?"), .blocked("no such library"),
        .guardTripped([Violation(rule: "diff-size", message: "3,000 lines")]),
        .budgetSpent([Violation(rule: "spec-usd", message: "the spec's cap is spent: 25.10 USD of 25.00 USD")]),
        .approvalNeeded("a change of the floor"), .wouldLand("the line may not land"),
        .landed(.numbered(0xE1)), .redHoldouts(["H1", "H3"]),
    ]
}
