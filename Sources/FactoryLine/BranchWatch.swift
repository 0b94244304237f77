import FactoryCore

/// Compares a PR's branch with its journal. The branch is a projection, so one that lags is brought up; a commit that
/// the line never made is a person's push, and voids approvals.
struct BranchWatch {
    let ports: LinePorts

    /// Throws `SessionLost` when an entry comes between.
    func reconcile(_ tip: Tip) async throws -> Tip {
        guard let branch = try await ports.hub.branch(tip.pr.branch), branch != tip.pr.head else { return tip }
        if try await isOurs(branch, of: tip.pr) {
            await ports.show(tip.pr, over: branch)
            return tip
        }
        let base = try await ports.hub.mergeBase(branch, ports.hub.mainTip())
        let to = try await state(after: branch, tip.pr)
        // Without a common history the push is based on nothing but itself, and so not on the main branch: it parks.
        let event = Event.pushed(head: branch, base: base ?? branch, to: to)
        let entry = Entry(event, at: ports.clock.now(), by: "push")
        do {
            let next = try await ports.journal.append(entry, to: tip, artifacts: [])
            await ports.show(next.pr)
            return next
        } catch let conflict as JournalConflict {
            guard let newer = try await ports.journal.tip(of: tip.pr.number) else { throw conflict }
            throw SessionLost(tip: newer)
        }
    }

    /// Whether the line itself made the commit: it is a head that the journal names, or a squash that was to land.
    private func isOurs(_ commit: CommitID, of pr: PullRequest) async throws -> Bool {
        try await ports.journal.history(of: pr.number).names(commit)
    }

    /// With spec and plan as they were approved, code is checked and reviewed anew; otherwise the line starts over.
    private func state(after head: CommitID, _ pr: PullRequest) async throws -> State {
        guard let approved = pr.approvedPlan, pr.state != .needsAttention else {
            return pr.state == .needsAttention ? .needsAttention : .queued
        }
        let now = try await ApprovedPlan.read(pr, in: ports.hub.tree(of: head), of: ports.hub)
        return now == approved ? .implementationCI : .queued
    }
}

extension [RecordedEntry] {
    /// Whether the journal names the commit as a head, or as a squash that was to land.
    func names(_ commit: CommitID) -> Bool {
        contains { item in
            switch item.entry.event {
            case .opened(let opening), .amended(let opening): opening.head == commit
            case .started(let start): start.head == commit
            case .finished(let finish): finish.head == commit
            case .pushed(let head, _, _): head == commit
            case .certified(_, let certification, _, _): certification.squash == commit
            case .landed, .reverting, .reverted, .approved, .answered, .retried, .resumed, .parked, .closed,
                .noted, .unknown:
                false
            }
        }
    }
}
