package import FactoryCore

/// What GitHub should show of one PR. A pure function of the journal and a few texts that it names.
package struct Projection: Hashable, Sendable {
    /// A comment, or a review.
    package struct Remark: Hashable, Sendable {
        package let marker: Marker
        package let body: String
        /// Nil: a comment.
        package let review: Review?
    }

    /// How a remark is said as a review.
    package struct Review: Hashable, Sendable {
        /// The words of the API.
        package enum Event: String, Sendable {
            case approve = "APPROVE"
            case requestChanges = "REQUEST_CHANGES"
            case comment = "COMMENT"
        }
        package let event: Event
        package let commit: CommitID
    }

    /// A commit status or a check run on the head.
    package struct Status: Hashable, Sendable {
        /// How far it is.
        package enum State: String, Sendable { case pending, success, failure }
        package let context: Context
        package let state: State
        /// On one line, short.
        package let words: String
    }

    /// The names of our statuses.
    package enum Context: String, CaseIterable, Sendable {
        case planReview = "factory/plan-review"
        case checks = "factory/checks"
        case codeReview = "factory/code-review"
    }

    /// Whether, and how, it is over.
    package enum End: Hashable, Sendable { case open, merged, closed }

    package let number: PRNumber
    package let title: String
    /// The line's part of the description, with its markers.
    package let description: String
    /// The one label `state:*`.
    package let label: String
    /// Oldest first.
    package let remarks: [Remark]
    package let head: CommitID
    package let statuses: [Status]
    package let end: End

    /// What `Projection` is made of.
    package struct Source: Sendable {
        package var pr: PullRequest
        package var history: [RecordedEntry]
        /// The repository's pages, such as `https://github.com/owner/name`.
        package var site: String
        /// Whether the line may judge: it is not the pull request's author. What an author approves of his own counts
        /// for nothing, and GitHub refuses it.
        package var mayJudge: Bool
        /// The texts of plans, by the entries that delivered them.
        package var plans: [CommitID: String] = [:]
        /// What failed checks printed, by their entries.
        package var failures: [CommitID: String] = [:]

        package init(pr: PullRequest, history: [RecordedEntry], site: String, mayJudge: Bool) {
            self.pr = pr
            self.history = history
            self.site = site
            self.mayJudge = mayJudge
        }
    }

    package init(_ source: Source) {
        let pr = source.pr
        number = pr.number
        title = String(SafeText.line(pr.title, limit: 240).replacing("\\|", with: "|"))
        label = Self.label(pr.state)
        head = pr.head
        description = OwnPart.of(pr.number, Self.description(source))
        remarks = Self.remarks(source)
        statuses = pr.state.isFinal ? [] : Self.statuses(source)
        end = pr.state == .merged ? .merged : pr.state == .closed ? .closed : .open
    }

    /// `state:plan` and the like.
    package static func label(_ state: State) -> String { labelPrefix + state.rawValue }
    static let labelPrefix = "state:"
}

extension Projection {
    /// The entry by which a PR stands parked as it does: it parked it, or somebody has pushed to it since. Nil while it
    /// is not parked.
    package static func parking(in history: [RecordedEntry]) -> CommitID? {
        guard history.last?.state.state == .needsAttention else { return nil }
        return history.indices.last { isParking(history, at: $0) }.map { history[$0].id }
    }

    static func isParking(_ history: [RecordedEntry], at index: Int) -> Bool {
        guard history[index].state.state == .needsAttention else { return false }
        if case .pushed = history[index].entry.event { return true }
        return index == 0 || history[index - 1].state.state != .needsAttention
    }

    private static func statuses(_ source: Source) -> [Status] {
        let pr = source.pr
        let judged: [(Context, Stage, isGood: Bool, good: String, bad: String)] = [
            (.planReview, .planReview, pr.approvedPlan != nil, "spec and plan are approved", "changes requested"),
            (.checks, .implementationCI, pr.tested != nil, "the checks are green", "the checks are red"),
            (.codeReview, .codeReview, pr.reviewedHead == pr.head, "this head is approved", "changes requested"),
        ]
        return judged.compactMap { context, stage, isGood, good, bad in
            if pr.active?.stage == stage { return Status(context: context, state: .pending, words: "at work") }
            if isGood { return Status(context: context, state: .success, words: good) }
            return isRefused(source, stage) ? Status(context: context, state: .failure, words: bad) : nil
        }
    }

    /// Whether the newest session of a stage that judged this very head was not content with it.
    private static func isRefused(_ source: Source, _ stage: Stage) -> Bool {
        for item in source.history.reversed() where item.state.head == source.pr.head {
            guard case .finished(let finish) = item.entry.event, finish.stage == stage else { continue }
            switch finish.outcome {
            case .changesRequested, .red: return true
            case .delivered, .approved, .green: return false
            case .conflict, .redCandidate, .failed, .deferred, .interrupted, .lostSwap, .alreadyContained, .baseLost,
                .question, .blocked, .guardTripped, .budgetSpent, .approvalNeeded, .wouldLand, .landed, .redHoldouts:
                continue
            }
        }
        return false
    }
}
