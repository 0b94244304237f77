import FactoryCore

/// What earlier sessions and people said, as far as a role needs it. Read from the journal, because no session sees
/// another's conversation.
struct Conversation {
    let history: [RecordedEntry]

    /// Findings of reviewers that send to this role, failed sessions of the same stage and people's notes, oldest first.
    func findings(for stage: Stage) -> String {
        let senders: Set<Stage> = stage < .implementation ? [.planReview] : [.codeReview, .merge]
        var blocks: [String] = []
        for item in history {
            switch item.entry.event {
            case .finished(let finish) where senders.contains(finish.stage) && finish.outcome == .changesRequested:
                blocks.append(Self.text(finish))
            case .finished(let finish) where finish.stage == stage:
                if case .failed(let failure, let message) = finish.outcome {
                    blocks.append("Session \(finish.attempt) of this stage failed (\(failure.rawValue)): \(message)")
                }
            case .retried(_, let note) where !note.isEmpty: blocks.append("\(item.entry.by) says: \(note)")
            // What the line remarks is for people.
            case .noted(let text) where item.entry.by != "factory": blocks.append("\(item.entry.by) says: \(text)")
            case .opened, .amended, .pushed, .started, .finished, .certified, .landed, .reverting, .reverted, .approved,
                .answered, .retried, .resumed, .parked, .closed, .noted, .unknown:
                break
            }
        }
        return blocks.joined(separator: "\n\n")
    }

    private static func text(_ finish: Finish) -> String {
        let lines = (finish.verdict?.findings ?? []).map { "- \($0.text)" }
        let unmet = (finish.verdict?.criteria ?? []).filter { $0.met == .no }.map {
            "- \($0.id) not met: \($0.evidence)"
        }
        return (["\(finish.stage.rawValue) \(finish.attempt) asked for changes: \(finish.summary)"] + lines + unmet)
            .joined(separator: "\n")
    }

    /// The questions that were asked, each with its answer.
    var answers: [String] {
        var blocks: [String] = []
        var question = ""
        for item in history {
            switch item.entry.event {
            case .finished(let finish):
                if case .question(let text) = finish.outcome { question = text }
                if case .blocked(let text) = finish.outcome { question = text }
            case .answered(let text): blocks.append("Question: \(question)\nAnswer by \(item.entry.by): \(text)")
            case .opened, .amended, .pushed, .started, .certified, .landed, .reverting, .reverted, .approved, .retried,
                .resumed, .parked, .closed, .noted, .unknown:
                break
            }
        }
        return blocks
    }

    /// The newest question with its answer, when nothing has been done since it was answered.
    var freshAnswer: String? {
        guard case .answered = history.last(where: { !$0.entry.event.isRemark })?.entry.event else { return nil }
        return answers.last
    }

    /// What sent the PR back to the implementer last: red checks, holdouts, a conflict, a guard of the line's own stages;
    /// else nil.
    var sentBack: (entry: RecordedEntry, finish: Finish)? {
        for item in history.reversed() {
            guard case .finished(let finish) = item.entry.event else { continue }
            switch finish.outcome {
            case .red, .redCandidate, .conflict, .redHoldouts: return (item, finish)
            case .guardTripped where finish.stage.role == nil: return (item, finish)
            case .changesRequested, .delivered, .approved, .green: return nil
            case .failed, .deferred, .interrupted, .lostSwap, .alreadyContained, .baseLost, .question, .blocked,
                .guardTripped, .budgetSpent, .approvalNeeded, .wouldLand, .landed:
                continue
            }
        }
        return nil
    }

    /// The newest approvals of plan and code, for the certificate.
    var reviews: [Certificate.Review] {
        [Stage.planReview, .codeReview].compactMap { stage in
            let newest = history.last { item in
                if case .finished(let finish) = item.entry.event {
                    finish.stage == stage && finish.outcome == .approved
                } else {
                    false
                }
            }
            guard case .finished(let finish)? = newest?.entry.event, let role = stage.role else { return nil }
            return Certificate.Review(role: role, summary: finish.summary)
        }
    }

    /// The newest verdict of a code review that approved.
    var approvingVerdict: Verdict? {
        for item in history.reversed() {
            if case .finished(let finish) = item.entry.event, finish.stage == .codeReview, finish.outcome == .approved {
                return finish.verdict
            }
        }
        return nil
    }

    /// Overrides with the head that each was given for. Those that name no objections have it in their entries alone.
    func placed(_ overrides: [Override]) -> [Override] {
        overrides.map { override in
            var placed = override
            for item in history where override.objections.isEmpty && item.entry.by == override.by {
                if case .approved(let rules, let head, _, let objections) = item.entry.event, objections.isEmpty,
                    rules.contains(override.rule)
                {
                    placed.head = head
                }
            }
            return placed
        }
    }

    /// What the implementer said of its newest work.
    var workSummary: String {
        for item in history.reversed() {
            if case .finished(let finish) = item.entry.event, finish.stage == .implementation,
                finish.outcome == .delivered
            {
                return finish.summary
            }
        }
        return ""
    }
}

extension Event {
    /// Says something without moving anything.
    var isRemark: Bool {
        switch self {
        case .noted, .unknown: true
        case .opened, .amended, .pushed, .started, .finished, .certified, .landed, .reverting, .reverted, .approved,
            .answered, .retried, .resumed, .parked, .closed:
            false
        }
    }
}
