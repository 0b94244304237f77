import FactoryCore

/// Compares a PR's branch with its journal. The branch is a projection, so one that lags is brought up; a commit that
/// the line never made is a person's push, and voids approvals.
struct BranchWatch {
    let ports: LinePorts

    func reconcile(_ tip: Tip) async throws -> Tip {
        guard let branch = try await ports.hub.branch(tip.pr.branch), branch != tip.pr.head else { return tip }
        if try await isOurs(branch, of: tip.pr) {
            try await ports.hub.project(tip.pr)
            return tip
        }
        let to = try await state(after: branch, tip.pr)
        let base = try await ports.hub.mergeBase(branch, ports.hub.mainTip()) ?? tip.pr.base
        let entry = Entry(.pushed(head: branch, base: base, to: to), at: ports.clock.now(), by: "push")
        return try await ports.journal.append(entry, to: tip, artifacts: [])
    }

    /// Whether the line itself made the commit: it is a head that the journal names.
    private func isOurs(_ commit: CommitID, of pr: PullRequest) async throws -> Bool {
        try await ports.journal.history(of: pr.number).contains { item in
            switch item.entry.event {
            case .opened(let opening), .amended(let opening): opening.head == commit
            case .started(let start): start.head == commit
            case .finished(let finish): finish.head == commit
            case .pushed(let head, _, _): head == commit
            case .certified, .landed, .approved, .answered, .retried, .parked, .closed, .noted, .unknown: false
            }
        }
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
