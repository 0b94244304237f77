/// Where a PR goes from here.
package struct Move: Hashable, Sendable {
    package var to: State
    /// Why it is parked, when `to` is `needs-attention`.
    package var reason: Reason?
    /// Where a person's `retry` or `answer` takes it then.
    package var resume: State?
    /// Not to be worked before.
    package var notBefore: Timestamp?

    package init(to: State, reason: Reason? = nil, resume: State? = nil, notBefore: Timestamp? = nil) {
        self.to = to
        self.reason = reason
        self.resume = resume
        self.notBefore = notBefore
    }
}

/// A move that the table does not know.
package struct IllegalMove: Error, Hashable, CustomStringConvertible {
    package let state: State
    package let what: String
    package init(state: State, what: String) {
        self.state = state
        self.what = what
    }
    package var description: String { "a pull request in \(state.rawValue) cannot be \(what)" }
}

/// The bounds that moves are judged by.
package struct Policy: Hashable, Sendable {
    package var retries = RetryPolicy()
    /// Deaths of the line in one stage that are borne; at one more the PR parks.
    package var interruptions = 2
    /// Bounds on being put off: how often, for how many seconds in all, at what cost in USD.
    package var deferrals = 24
    package var deferralSeconds: Double = 24 * 3600
    package var deferralCost: Double = 5
    /// Seconds for which a landing may go on losing the race for the main branch.
    package var contentionSeconds: Double = 15 * 60
    /// Attempts as long as the newest that must fit into that time, else it is longer.
    package var races = 5
    /// Whether a person reads the plan before it is implemented.
    package var asksBeforeImplementation = false

    package init(retries: RetryPolicy = RetryPolicy()) { self.retries = retries }
}

/// The assembly line's arrows, all of them. A pure function of the PR, the outcome, the bounds and the time.
package enum Lifecycle {
    /// Where the outcome of a PR's stage takes it. Throws when the outcome does not belong to the state.
    package static func move(
        _ pr: PullRequest, on outcome: Outcome, policy: Policy, now: Timestamp
    ) throws(IllegalMove) -> Move {
        switch pr.state {
        case .plan: try writer(.plan, pr, outcome, policy, now, next: .planReview)
        case .planReview: try reviewer(.planReview, pr, outcome, policy, now, next: .implementation, back: .plan)
        case .implementation: try writer(.implementation, pr, outcome, policy, now, next: .implementationCI)
        case .implementationCI: try checks(pr, outcome, policy, now)
        case .codeReview: try reviewer(.codeReview, pr, outcome, policy, now, next: .merge, back: .implementation)
        case .merge: try merge(pr, outcome, policy, now)
        case .queued, .needsAttention, .merged, .closed: throw illegal(pr, outcome)
        }
    }

    private static func writer(
        _ stage: Stage, _ pr: PullRequest, _ outcome: Outcome, _ policy: Policy, _ now: Timestamp, next: State
    ) throws(IllegalMove) -> Move {
        switch outcome {
        case .delivered: Move(to: next)
        case .failed, .deferred, .interrupted, .question, .blocked, .baseLost, .guardTripped, .budgetSpent:
            try common(stage, pr, outcome, policy, now)
        case .approved, .green, .changesRequested, .red, .conflict, .redCandidate, .lostSwap, .alreadyContained,
            .approvalNeeded, .wouldLand, .landed, .redHoldouts:
            throw illegal(pr, outcome)
        }
    }

    private static func reviewer(
        _ stage: Stage, _ pr: PullRequest, _ outcome: Outcome, _ policy: Policy, _ now: Timestamp, next: State,
        back: State
    ) throws(IllegalMove) -> Move {
        switch outcome {
        case .approved: stage == .planReview && policy.asksBeforeImplementation ? showPlan() : Move(to: next)
        case .changesRequested: sendBack(stage, pr, policy, to: back, because: "changes were requested")
        case .failed, .deferred, .interrupted, .question, .blocked, .baseLost, .guardTripped, .budgetSpent:
            try common(stage, pr, outcome, policy, now)
        case .delivered, .green, .red, .conflict, .redCandidate, .lostSwap, .alreadyContained, .approvalNeeded,
            .wouldLand, .landed, .redHoldouts:
            throw illegal(pr, outcome)
        }
    }

    /// A person reads the approved plan first. A plain `retry` plans anew.
    private static func showPlan() -> Move {
        park(
            .planReview, .approval, "approval", "`gates` asks for a person's approval of the plan", resume: .plan)
    }

    private static func checks(
        _ pr: PullRequest, _ outcome: Outcome, _ policy: Policy, _ now: Timestamp
    ) throws(IllegalMove) -> Move {
        switch outcome {
        case .green: Move(to: .codeReview)
        case .red:
            sendBack(.implementationCI, pr, policy, to: .implementation, because: "the checks were red")
        case .failed, .deferred, .interrupted, .baseLost, .guardTripped:
            try common(.implementationCI, pr, outcome, policy, now)
        case .delivered, .approved, .changesRequested, .conflict, .redCandidate, .lostSwap, .alreadyContained,
            .question, .blocked, .budgetSpent, .approvalNeeded, .wouldLand, .landed, .redHoldouts:
            throw illegal(pr, outcome)
        }
    }

    private static func merge(
        _ pr: PullRequest, _ outcome: Outcome, _ policy: Policy, _ now: Timestamp
    ) throws(IllegalMove) -> Move {
        switch outcome {
        case .landed: Move(to: .merged)
        case .conflict:
            sendBack(.merge, pr, policy, to: .implementation, because: "it conflicted with the main branch")
        case .redCandidate:
            sendBack(.merge, pr, policy, to: .implementation, because: "the checks were red on the candidate")
        case .redHoldouts(let ids):
            sendBack(
                .merge, pr, policy, to: .implementation,
                because: "\(HoldoutResult.phrase(failed: ids)), and landing has sent it back")
        case .lostSwap: again(pr, policy, now)
        case .alreadyContained:
            park(.merge, .contained, "nothing to land", "the main branch already has this change", resume: .plan)
        case .approvalNeeded(let message): park(.merge, .approval, "approval", message, resume: .merge)
        case .wouldLand(let message): park(.merge, .shadow, "shadow", message, resume: .merge)
        case .failed, .deferred, .interrupted, .baseLost, .blocked, .guardTripped:
            try common(.merge, pr, outcome, policy, now)
        case .delivered, .approved, .green, .changesRequested, .red, .question, .budgetSpent:
            throw illegal(pr, outcome)
        }
    }

    /// What means the same in every stage.
    private static func common(
        _ stage: Stage, _ pr: PullRequest, _ outcome: Outcome, _ policy: Policy, _ now: Timestamp
    ) throws(IllegalMove) -> Move {
        switch outcome {
        case .failed(let failure, let message): retry(stage, pr, policy, failure, message)
        case .deferred(let deferral): wait(stage, pr, policy, deferral, now)
        case .interrupted: resume(stage, pr, policy)
        case .question(let text), .blocked(let text):
            park(stage, .question, outcome.name, text, resume: stage.state)
        case .baseLost:
            park(
                stage, .baseLost, "base in main",
                "the commit it was based on is no longer in the main branch's history", resume: .queued)
        case .guardTripped(let violations): trip(stage, violations)
        case .budgetSpent(let spent): stop(stage, spent)
        case .delivered, .approved, .green, .changesRequested, .red, .conflict, .redCandidate, .lostSwap,
            .alreadyContained, .approvalNeeded, .wouldLand, .landed, .redHoldouts:
            throw illegal(pr, outcome)
        }
    }

    private static func sendBack(
        _ stage: Stage, _ pr: PullRequest, _ policy: Policy, to state: State, because what: String
    ) -> Move {
        let allowed = policy.retries.returns(of: stage)
        guard pr.counts[stage, default: Counts()].returns >= allowed else { return Move(to: state) }
        return park(
            stage, .returns, "at most \(times(allowed, "return"))",
            "\(what) \(times(allowed + 1, "time"))", resume: state)
    }

    private static func retry(
        _ stage: Stage, _ pr: PullRequest, _ policy: Policy, _ failure: Failure, _ message: String
    ) -> Move {
        if failure.needsPerson {
            return park(stage, .agent, "the agent cannot work (\(failure.rawValue))", message, resume: stage.state)
        }
        let allowed = policy.retries.stage
        guard pr.counts[stage, default: Counts()].failures >= allowed else { return Move(to: stage.state) }
        return park(
            stage, .failed, "at most \(times(allowed, "retry", "retries"))",
            "\(times(allowed + 1, "attempt")) failed, the last with \(failure.rawValue): \(message)",
            resume: stage.state)
    }

    private static func wait(
        _ stage: Stage, _ pr: PullRequest, _ policy: Policy, _ deferral: Deferral, _ now: Timestamp
    ) -> Move {
        if deferral.kind == .stopped { return Move(to: stage.state) }
        let waiting = pr.waiting
        let bound: String? =
            if (waiting?.count ?? 0) >= policy.deferrals {
                "put off at most \(policy.deferrals) times"
            } else if deferral.until - (waiting?.since ?? now) > policy.deferralSeconds {
                "put off for at most \(Int(policy.deferralSeconds / 3600)) hours"
            } else if (waiting?.costUSD ?? 0) > policy.deferralCost {
                "put off at a cost of at most \(policy.deferralCost) USD"
            } else { nil }
        guard let bound else { return Move(to: stage.state, notBefore: deferral.until) }
        return park(stage, .deferred, bound, deferral.message, resume: stage.state)
    }

    private static func resume(_ stage: Stage, _ pr: PullRequest, _ policy: Policy) -> Move {
        guard pr.counts[stage, default: Counts()].interruptions >= policy.interruptions else {
            return Move(to: stage.state)
        }
        return park(
            stage, .interrupted, "at most \(times(policy.interruptions, "interruption"))",
            "the line died \(policy.interruptions + 1) times in this stage", resume: stage.state)
    }

    private static func again(_ pr: PullRequest, _ policy: Policy, _ now: Timestamp) -> Move {
        guard let since = pr.contendedSince else { return Move(to: .merge) }
        // Where one attempt takes long there must have been some as well.
        let attempt = pr.active.map { now - $0.startedAt } ?? 0
        guard now - since > max(policy.contentionSeconds, Double(policy.races - 1) * attempt) else {
            return Move(to: .merge)
        }
        return park(
            .merge, .contention, "at most \(Int(policy.contentionSeconds / 60)) minutes of contention",
            "the main branch moved before every attempt to land", resume: .merge)
    }

    private static func trip(_ stage: Stage, _ violations: [Violation]) -> Move {
        let rules = violations.map(\.rule).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let message = violations.count == 1 ? violations[0].message : "\(violations.count) objections"
        let resume: State = stage.role == nil ? .implementation : stage.state
        return Move(
            to: .needsAttention,
            reason: Reason(
                kind: .guard, rule: rules.joined(separator: ", "), message: message,
                evidence: Array(violations.prefix(Reason.evidenceLimit)), stage: stage),
            resume: resume)
    }

    private static func stop(_ stage: Stage, _ spent: [Violation]) -> Move {
        let reason = Reason(
            kind: .budget, rule: spent.first?.rule ?? "budget", message: spent.first?.message ?? "its budget is spent",
            evidence: Array(spent.dropFirst().prefix(Reason.evidenceLimit)), stage: stage)
        return Move(to: .needsAttention, reason: reason, resume: stage.state)
    }

    private static func park(
        _ stage: Stage, _ kind: Reason.Kind, _ bound: String, _ message: String, resume: State
    ) -> Move {
        let rule = "\(stage.rawValue): \(bound)"
        return Move(
            to: .needsAttention, reason: Reason(kind: kind, rule: rule, message: message, stage: stage),
            resume: resume)
    }

    private static func times(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? one + "s")"
    }

    private static func illegal(_ pr: PullRequest, _ outcome: Outcome) -> IllegalMove {
        IllegalMove(state: pr.state, what: outcome.name)
    }
}
