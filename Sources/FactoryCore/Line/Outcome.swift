/// How a stage ended. A value that the line journals; what follows from it only `Lifecycle` knows.
package enum Outcome: Hashable, Sendable {
    /// A writer changed the tree as its role allows.
    case delivered
    /// A reviewer approved.
    case approved
    /// Every check that was due exited with 0.
    case green
    /// A reviewer wants changes; its findings go back.
    case changesRequested
    /// A check failed; its output goes back.
    case red
    /// The approved head and the main branch changed the same lines of these paths.
    case conflict([RepoPath])
    /// The candidate for landing failed its checks.
    case redCandidate
    /// The session gave nothing to go on with.
    case failed(Failure, String)
    /// Not now, through no fault of the PR: same state again, not before `until`.
    case deferred(Deferral)
    /// The line died while the stage ran.
    case interrupted
    /// Another landing moved the main branch first.
    case lostSwap
    /// The candidate's tree is the main branch's tree: there is nothing to land.
    case alreadyContained
    /// The commit that the PR was based on is no longer in the main branch's history.
    case baseLost
    /// The agent asks a person.
    case question(String)
    /// The agent says that it cannot go on.
    case blocked(String)
    /// A guard objects.
    case guardTripped([Violation])
    /// A cap on the PR leaves no room for a session: the rule, then what was spent by stage.
    case budgetSpent([Violation])
    /// The PR may only land after a person's `approve`.
    case approvalNeeded(String)
    /// The PR passed everything, but the line may not land: `autonomy: shadow`.
    case wouldLand(String)
    /// On the main branch, as this commit.
    case landed(CommitID)
    /// Holdouts failed on the candidate: their ids, and nothing else of them, go back.
    case redHoldouts([String])
}

/// The kinds of a failed session.
package enum Failure: String, CaseIterable, Sendable {
    /// It ran longer than the stage may.
    case timeout
    /// It gave no sign of life for longer than it may.
    case stalled
    /// A writer left the tree as it was.
    case noChange = "no-change"
    /// A reviewer's result is missing, unreadable or incomplete.
    case invalidResult = "invalid-result"
    /// The agent changed what its role may not change.
    case forbiddenChange = "forbidden-change"
    /// The program could not be started or died without a result.
    case crashed
    /// It used more than a session may.
    case overBudget = "over-budget"
    /// The provider takes no key or login from the agent: nothing goes until a person acts.
    case authentication
    /// The provider has no such model: nothing goes until a person acts.
    case modelUnknown = "model-unknown"
    /// The session became larger than the model's context.
    case contextOverflow = "context-overflow"
    /// The model refused to do the work.
    case refusal
    /// The program reached a limit of its own, such as its number of turns.
    case limit
    /// A setup step failed.
    case setup
    /// The repository's CI said nothing of the candidate, or not whether it is good.
    case noVerdict = "no-verdict"
    /// The line's own work failed, such as git or the disk.
    case host

    /// Whether only a person can help: another session would fail in the same way, so it counts against no bound.
    package var needsPerson: Bool { self == .authentication || self == .modelUnknown }
}

/// Why a stage waits, and until when.
package struct Deferral: Hashable, Sendable {
    /// What it waits for.
    package enum Kind: String, CaseIterable, Sendable {
        case quota
        case rateLimit = "rate-limit"
        case providerDown = "provider-down"
        case host
        /// A person stopped the line: nothing to wait for, and held against nobody.
        case stopped
    }
    package var kind: Kind
    package var until: Timestamp
    package var message: String

    package init(kind: Kind, until: Timestamp, message: String) {
        self.kind = kind
        self.until = until
        self.message = message
    }
}

extension Outcome {
    /// Whether it sends the PR to an earlier stage.
    package var sendsBack: Bool {
        switch self {
        case .changesRequested, .red, .conflict, .redCandidate, .redHoldouts: true
        case .delivered, .approved, .green, .failed, .deferred, .interrupted, .lostSwap, .alreadyContained, .baseLost,
            .question, .blocked, .guardTripped, .budgetSpent, .approvalNeeded, .wouldLand, .landed:
            false
        }
    }

    /// The outcome's name in the journal.
    package var name: String {
        switch self {
        case .delivered: "delivered"
        case .approved: "approved"
        case .green: "green"
        case .changesRequested: "changes-requested"
        case .red: "red"
        case .conflict: "conflict"
        case .redCandidate: "red-candidate"
        case .failed: "failed"
        case .deferred: "deferred"
        case .interrupted: "interrupted"
        case .lostSwap: "lost-swap"
        case .alreadyContained: "already-contained"
        case .baseLost: "base-lost"
        case .question: "question"
        case .blocked: "blocked"
        case .guardTripped: "guard-tripped"
        case .budgetSpent: "budget-spent"
        case .approvalNeeded: "approval-needed"
        case .wouldLand: "would-land"
        case .landed: "landed"
        case .redHoldouts: "red-holdouts"
        }
    }
}
