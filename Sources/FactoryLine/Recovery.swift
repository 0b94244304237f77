import FactoryCore

/// Puts right what a line that died has left: processes, work in lanes, sessions that nobody runs, half-done landings.
struct Recovery {
    let ports: LinePorts
    let till: Till

    /// Looks at every PR that a dead line has left something of. What somebody else works is left to him.
    func run(_ tips: [Tip]) async throws {
        let left = tips.filter { $0.pr.active != nil }.map(\.pr.number)
        do { try await settle(till.foreign().union(left + (try await ports.workshop.abandoned()))) } catch
            where error.isPassing
        {
            // Whoever is admitted is looked at once more, under its lease.
            ports.observe(.warning("what a line that died has left is put right later: \(error)"))
        }
    }

    /// Looks at every PR that money was put aside for by somebody else, who may be dead.
    func settleMoney() async throws { try await settle(till.foreign()) }

    private func settle(_ numbers: Set<PRNumber>) async throws {
        for number in numbers.sorted() {
            guard let lease = try await ports.leases.take(number) else { continue }
            defer { lease.release() }
            do { _ = try await settle(number) } catch let refused as RecordRefused {
                ports.observe(.warning("\(refused)"))
            }
        }
    }

    /// Settles one PR, whose lease the caller holds, and gives it as it stands then; nil when there is none.
    func settle(_ number: PRNumber) async throws -> Tip? {
        guard let tip = try await ports.journal.tip(of: number) else {
            try await till.recover(number)
            try await free(number)
            return nil
        }
        let keep = try await floor().configuration.keep
        let lanes = try await ports.workshop.takeAbandoned(by: number, keep: keep)
        for session in Set(lanes.map(\.session) + [tip.pr.active?.token].compactMap { $0 }) {
            _ = ports.leases.endProcesses(marked: session)
        }
        var next = tip
        for left in lanes { next = try await settle(left, next) }
        if let active = next.pr.active { next = try await close(active, next, rescue: nil) }
        // What was saved stands in the journal by now, so the lanes may forget it.
        for left in lanes { try await clear(left, of: number) }
        try await till.recover(number)
        return next
    }

    /// Frees the lanes of what is no PR, such as checks on the main branch: there is nothing to be saved.
    private func free(_ number: PRNumber) async throws {
        for left in try await ports.workshop.takeAbandoned(by: number, keep: floor().configuration.keep) {
            _ = ports.leases.endProcesses(marked: left.session)
            try await left.lane.reset()
            await ports.workshop.release(left.lane)
        }
    }

    /// A landing may have run holdouts there, of which nothing may be left.
    private func clear(_ left: AbandonedLane, of number: PRNumber) async throws {
        guard try await start(of: left.session, number)?.stage == .merge else {
            try await left.lane.reset()
            return await ports.workshop.release(left.lane)
        }
        try await ports.holdoutTable.clear(number)
        try await ports.workshop.discard(left.lane)
    }

    /// Saves what a dead session has left in its lane, and ends the session if it still is the PR's.
    private func settle(_ left: AbandonedLane, _ tip: Tip) async throws -> Tip {
        let active = tip.pr.active?.token == left.session ? tip.pr.active : nil
        guard let start = try await start(of: left.session, tip.pr.number) else { return tip }
        let rescue = try await save(left.lane, start, tip.pr)
        if let active { return try await close(active, tip, rescue: rescue) }
        guard rescue != nil else { return tip }
        return try await Recorder(journal: ports.journal, clock: ports.clock).remarkSaved(start, on: tip)
    }

    /// How the session began, by the journal: a person may have moved the PR since.
    private func start(of session: String, _ number: PRNumber) async throws -> Start? {
        for item in try await ports.journal.history(of: number).reversed() {
            if case .started(let start) = item.entry.event, start.token == session { return start }
        }
        return nil
    }

    /// What a writer had written; nil when there is nothing.
    private func save(_ lane: any Lane, _ start: Start, _ pr: PullRequest) async throws -> CommitID? {
        guard let role = start.stage.role, !role.isReviewer else { return nil }
        let inspection = try await lane.inspect()
        guard !inspection.isUntouched else { return nil }
        let tree = try await lane.store(inspection)
        guard try await tree != ports.hub.tree(of: start.head) else { return nil }
        return try await ports.hub.rescue(tree, of: pr, attempt: start.session, lacking: inspection.losses)
    }

    /// Ends a session that nobody runs: as landed when its certified commit is on the main branch, else as interrupted.
    private func close(_ active: Session, _ tip: Tip, rescue: CommitID?) async throws -> Tip {
        if let landed = try await landed(tip) { return landed }
        try await stopIfRewritten(tip)
        let policy = Policy(retries: try await floor().configuration.retries)
        let move = try Lifecycle.move(tip.pr, on: .interrupted, policy: policy, now: ports.clock.now())
        var finish = Finish(
            token: active.token, stage: active.stage, attempt: active.attempt, outcome: .interrupted, move: move)
        finish.rescue = rescue
        finish.summary = "the line died in this stage"
        finish.seconds = ports.clock.now() - active.startedAt
        let session = SessionName(pr: tip.pr.number, stage: active.stage, attempt: active.attempt)
        finish.charge = try await till.charge(ofUntold: session)
        let recorder = Recorder(journal: ports.journal, clock: ports.clock)
        do {
            let next = try await recorder.append(.finished(finish), to: tip, token: active.token)
            ports.observe(.recovered(next.pr, "\(active.stage.rawValue) was interrupted and starts again"))
            return next
        } catch let lost as SessionLost {
            return lost.tip
        }
    }

    private func landed(_ tip: Tip) async throws -> Tip? {
        switch try await ports.hub.landedByForge(tip) {
        case .landed(let landed)?:
            await ports.show(landed.pr)
            ports.observe(.recovered(landed.pr, "it had landed as \(landed.pr.landed?.short ?? "?")"))
            return landed
        case .unrecognised(let difference)?: _ = try await ports.stopUnrecognised(difference, tip.pr.number)
        case .mainMoved, .branchMoved, .journalMoved, .lineStopped, .holdoutsMoved, .refused, nil: break
        }
        guard let certificate = tip.pr.certificate,
            try await ports.hub.isAncestor(certificate.squash, of: ports.hub.mainTip())
        else { return nil }
        let recorder = Recorder(journal: ports.journal, clock: ports.clock)
        let landed = try await recorder.append(.landed(certificate.squash), to: tip, token: tip.pr.active?.token)
        await ports.show(landed.pr)
        ports.observe(.recovered(landed.pr, "it had landed as \(certificate.squash.short)"))
        return landed
    }

    /// A landing died half done, and the main branch has neither what it was to bring nor what it was built on: whether it
    /// had landed nobody can tell any more, and what else is gone a person has to look at.
    private func stopIfRewritten(_ tip: Tip) async throws {
        guard let certificate = tip.pr.certificate,
            try await !ports.hub.isAncestor(certificate.base, of: ports.hub.mainTip())
        else { return }
        let message =
            "the main branch was rewritten while \(tip.pr.number) was landing: it has neither \(certificate.squash.short) "
            + "nor \(certificate.base.short), on which that was built"
        try await ports.stop(Standing.Stop(.mainRewritten, message, at: ports.clock.now()))
    }

    private func floor() async throws -> Floor { try await ports.floors.floor(at: ports.hub.mainTip()) }
}
