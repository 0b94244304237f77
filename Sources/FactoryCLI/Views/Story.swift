import FactoryCore

/// A journal as a reader asks it: what happened in each stage, what parked it, what was saved.
struct Story: Sendable {
    /// Oldest first.
    let history: [RecordedEntry]

    /// A session that has ended.
    struct Ended: Sendable {
        let at: Timestamp
        let finish: Finish
    }

    /// All sessions that have ended, oldest first.
    var ended: [Ended] {
        history.compactMap { item in
            if case .finished(let finish) = item.entry.event { Ended(at: item.entry.at, finish: finish) } else { nil }
        }
    }

    /// The newest ended session of a stage.
    func last(_ stage: Stage) -> Finish? { ended.last { $0.finish.stage == stage }?.finish }

    /// The newest session that ran checks.
    var lastChecks: Finish? { ended.last { !$0.finish.checks.isEmpty }?.finish }

    /// The entry that brought the PR into the state it is in.
    var turn: (entry: RecordedEntry, before: PullRequest?)? {
        guard let state = history.last?.state.state else { return nil }
        var index = history.count - 1
        while index > 0, history[index - 1].state.state == state { index -= 1 }
        return (history[index], index > 0 ? history[index - 1].state : nil)
    }

    /// The session that parked it; nil when a person did.
    var parking: Finish? {
        if case .finished(let finish)? = turn?.entry.entry.event { finish } else { nil }
    }

    /// The session that sent the PR back, as long as no later one has delivered anything; nil when it is the one that
    /// parked it.
    var sentBack: Finish? {
        let parked = history.last?.state.state == .needsAttention ? parking?.session : nil
        for item in ended.reversed() where item.finish.session != parked {
            if item.finish.outcome.sendsBack { return item.finish }
            guard item.finish.outcome.leadsNowhere else { return nil }
        }
        return nil
    }

    /// Where it was when it was parked.
    var parkedAt: State? { parking.map { $0.stage.state } ?? turn?.before?.state }

    /// Work that did not become a head: the session's name, and the commit that holds it.
    var rescued: [(session: String, commit: CommitID)] {
        ended.compactMap { item in item.finish.rescue.map { (item.finish.session, $0) } }
    }

    /// Every stage that was started: its sessions, and how the last one ended.
    var stages: [StageLine] {
        guard let pr = history.last?.state else { return [] }
        return Stage.allCases.compactMap { stage in
            guard let counts = pr.counts[stage], counts.attempts > 0 else { return nil }
            return StageLine(
                stage: stage, counts: counts, outcome: outcome(stage, pr), summary: last(stage)?.summary ?? "")
        }
    }

    private func outcome(_ stage: Stage, _ pr: PullRequest) -> String {
        if pr.active?.stage == stage { return "running" }
        if stage == .merge, pr.state == .merged { return "landed" }
        return last(stage).map(\.outcome.phrase) ?? "ended by a person"
    }

    /// One stage in short.
    struct StageLine: Sendable {
        let stage: Stage
        let counts: Counts
        /// How its last session ended, in a few words.
        let outcome: String
        /// What the last session said of it.
        let summary: String

        var cells: [String] {
            [stage.rawValue, Wording.count(counts.attempts, "session"), Wording.line(outcome, limit: 100)]
        }

        var json: JSON {
            .object([
                "stage": .string(stage.rawValue), "sessions": .of(counts.attempts), "returns": .of(counts.returns),
                "failures": .of(counts.failures), "outcome": .string(outcome), "summary": .string(summary),
            ])
        }
    }
}

extension Finish {
    /// The session's name, which is also that of its folder and of its saved work.
    var session: String { "\(stage.rawValue)-\(attempt)" }
}

extension Outcome {
    /// Whether the PR is where it was before the session.
    fileprivate var leadsNowhere: Bool {
        switch self {
        case .failed, .deferred, .interrupted, .lostSwap, .question, .blocked, .guardTripped, .budgetSpent: true
        case .delivered, .approved, .green, .changesRequested, .red, .conflict, .redCandidate, .redHoldouts,
            .alreadyContained, .baseLost, .approvalNeeded, .wouldLand, .landed:
            false
        }
    }
}

extension RecordedEntry {
    /// What a person wrote with this entry; empty when nobody did.
    var words: String {
        switch entry.event {
        case .answered(let text), .noted(let text): text
        case .retried(_, let note), .resumed(_, let note), .parked(let note), .closed(let note),
            .reverting(_, _, let note):
            note
        case .opened, .amended, .pushed, .started, .finished, .certified, .landed, .reverted, .approved, .unknown: ""
        }
    }
}
