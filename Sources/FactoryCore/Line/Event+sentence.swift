extension Event {
    /// The event as one sentence for people: the subject of its journal entry.
    package var sentence: String {
        switch self {
        case .opened(let opening): "Queued: \(opening.title)"
        case .amended: "Submitted again: back to the plan"
        case .pushed(let head, _, let to): "Somebody pushed \(head.short) to the branch: now \(to.rawValue)"
        case .started(let start): "\(start.stage.rawValue) \(start.attempt) started"
        case .finished(let finish): finish.sentence
        case .certified(_, let certification, _, _): "Certified for landing as \(certification.squash.short)"
        case .landed(let commit): "Landed as \(commit.short)"
        case .reverting(let certification, _, _): "Certified for being reverted as \(certification.squash.short)"
        case .reverted(let commit): "Reverted as \(commit.short)"
        case .approved(let rules, let head, let what, _):
            rules.isEmpty
                ? "A person approved \(what?.phrase ?? head.short)"
                : "A person overruled \(rules.joined(separator: ", "))"
        case .answered: "A person answered"
        case .retried(let to, _): "A person sent it to \(to.rawValue)"
        case .resumed(let to, let note): "Goes on at \(to.rawValue): \(note)"
        case .parked: "A person parked it"
        case .closed: "A person closed it"
        case .noted: "Remark"
        case .unknown(let kind, _): "Event of kind \(kind)"
        }
    }
}

extension Approvable {
    /// What was approved, in a few words.
    package var phrase: String {
        switch self {
        case .plan(let plan): "the plan \(plan.plan.short)"
        case .certificate(let id): "certificate \(id.short)"
        }
    }
}

extension Finish {
    fileprivate var sentence: String {
        let what = "\(stage.rawValue) \(attempt): \(outcome.phrase)"
        guard move.to == .needsAttention, let reason = move.reason else { return what }
        return what + "; parked by \(reason.rule)"
    }
}

extension Outcome {
    /// The outcome in a few words.
    package var phrase: String {
        switch self {
        case .delivered: "delivered"
        case .approved: "approved"
        case .green: "green"
        case .changesRequested: "changes requested"
        case .red: "red"
        case .conflict(let paths): "conflict in \(paths.first?.description ?? "the tree")"
        case .redCandidate: "the candidate is red"
        case .failed(let failure, _): "failed (\(failure.rawValue))"
        case .deferred(let deferral): "put off (\(deferral.kind.rawValue)) until \(deferral.until.iso)"
        case .interrupted: "interrupted"
        case .lostSwap: "the main branch or its own moved first"
        case .alreadyContained: "nothing left to land"
        case .baseLost: "its base is no longer in the main branch"
        case .question: "a question"
        case .blocked: "blocked"
        case .guardTripped(let violations): "stopped by \(violations.first?.rule ?? "a guard")"
        case .budgetSpent(let spent): spent.first?.message ?? "its budget is spent"
        case .approvalNeeded: "waits for approval"
        case .wouldLand: "would have landed"
        case .landed: "landed"
        case .redHoldouts(let ids): HoldoutResult.phrase(failed: ids)
        }
    }
}
