import FactoryCore

/// Puts right what a line that died has left: sessions that nobody runs, landings that were half done.
struct Recovery {
    let ports: LinePorts

    /// Looks at every PR whose journal names a running session that nobody holds the lease of.
    func run(_ tips: [Tip]) async throws {
        for tip in tips {
            guard let active = tip.pr.active, let lease = try ports.leases.take(tip.pr.number) else { continue }
            _ = ports.leases.endProcesses(marked: active.token)
            try await recover(tip, active)
            withExtendedLifetime(lease) {}
        }
    }

    private func recover(_ tip: Tip, _ active: Session) async throws {
        if let certificate = tip.pr.certificate,
            try await ports.hub.isAncestor(certificate.squash, of: ports.hub.mainTip())
        {
            let entry = Entry(.landed(certificate.squash), at: ports.clock.now(), by: "factory")
            let landed = try await ports.journal.append(entry, to: tip, artifacts: [])
            try await ports.hub.project(landed.pr)
            ports.observe(.recovered(landed.pr, "it had landed as \(certificate.squash.short)"))
            return
        }
        let floor = try await ports.floors.floor(at: ports.hub.mainTip())
        let policy = Policy(retries: floor.configuration.retries)
        let move = try Lifecycle.move(tip.pr, on: .interrupted, policy: policy, now: ports.clock.now())
        var finish = Finish(
            token: active.token, stage: active.stage, attempt: active.attempt, outcome: .interrupted, move: move)
        finish.rescue = try await rescue(tip, active)
        finish.summary = "the line died in this stage"
        finish.seconds = ports.clock.now() - active.startedAt
        let recorder = Recorder(journal: ports.journal, clock: ports.clock)
        let next = try await recorder.append(.finished(finish), to: tip, token: active.token)
        ports.observe(.recovered(next.pr, "\(active.stage.rawValue) was interrupted and starts again"))
    }

    /// What the dead session had written, if its lane still holds it.
    private func rescue(_ tip: Tip, _ active: Session) async throws -> CommitID? {
        guard let role = active.stage.role, !role.isReviewer,
            let lane = try await ports.workshop.lane(lastUsedBy: tip.pr.number)
        else { return nil }
        let inspection = try await lane.inspect()
        var commit: CommitID?
        if !inspection.change.files.isEmpty, inspection.problems.isEmpty {
            let attempt = "\(active.stage.rawValue)-\(active.attempt)"
            commit = try await ports.hub.rescue(lane.snapshot(), of: tip.pr, attempt: attempt)
        }
        try await lane.reset()
        await ports.workshop.release(lane)
        return commit
    }
}
