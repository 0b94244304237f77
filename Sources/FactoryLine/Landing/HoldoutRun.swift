import FactoryCore

/// The holdouts of a spec on the tree that is to land, in a lane of which nothing is left for anybody.
struct HoldoutRun {
    let shift: Shift
    let tree: TreeID
    let main: CommitID
    let holdouts: [Holdout]

    /// How they ended.
    struct Report {
        /// Nil: all passed.
        var outcome: Outcome?
        var results: [HoldoutResult] = []
    }

    func perform() async throws -> Report {
        let lane = try await shift.acquireLane()
        let report: Report
        do {
            report = try await perform(in: lane)
        } catch {
            // The lane is not handed back: the next line clears it, as after a death.
            await shift.ports.workshop.abandon(lane)
            throw error
        }
        try await clear()
        try await shift.ports.workshop.discard(lane)
        return report
    }

    private func perform(in lane: any Lane) async throws -> Report {
        let setup = SetupRun(shift: shift, lane: lane)
        try await setup.warmCaches()
        try await lane.show(Layout(tree: tree, head: shift.start.head, main: main))
        try await lane.loadCaches()
        if let failure = try await setup.perform() { return Report(outcome: failure) }
        try await clear()
        var report = Report()
        for holdout in holdouts {
            // What setup or a holdout before has rewritten is not what would land.
            try await lane.tidy(leaving: .all)
            let ending = try await run(holdout, in: lane)
            switch ending {
            case .exited(let code):
                report.results.append(HoldoutResult(id: holdout.id, hash: holdout.hash, passed: code == 0))
            case .timedOut: report.results.append(HoldoutResult(id: holdout.id, hash: holdout.hash, passed: false))
            case .cancelled: return Report(outcome: .stopped(at: shift.ports.clock.now()))
            // Why stands in its log: what is said here goes into the journal and to whoever works on.
            case .failed: return Report(outcome: .failed(.host, "the holdout \(holdout.id) could not be run"))
            }
        }
        let failed = report.results.filter { !$0.passed }.map(\.id)
        if !failed.isEmpty { report.outcome = .redHoldouts(failed) }
        return report
    }

    private func run(_ holdout: Holdout, in lane: any Lane) async throws -> CommandReport.Ending {
        let files = try await shift.ports.holdoutTable.layOut(holdout, of: shift.pr.number)
        let sandbox = shift.floor.configuration.sandbox
        let log = shift.logs.holdout(holdout.id)
        var job = CommandJob(
            run: holdout.run, lane: lane.directory, directory: lane.directory, timeout: holdout.timeout,
            environment: [], marker: shift.start.token, log: log, sandbox: sandbox, reach: sandbox.reachOfChecks)
        job.reading = [files]
        job.variables = ["FACTORY_HOLDOUT": files]
        let report = await shift.ports.commands.run(job)
        if case .failed(let problem) = report.ending { await shift.ports.commands.remark(problem, in: log) }
        try await clear()
        return report.ending
    }

    private func clear() async throws { try await shift.ports.holdoutTable.clear(shift.pr.number) }
}

extension HoldoutRun.Report {
    /// What goes back to the implementer: which, and no more.
    var artifacts: [Artifact] {
        guard case .redHoldouts(let ids)? = outcome else { return [] }
        let lines = ids.map { "Holdout \($0) failed.\n" }.joined()
        let text =
            lines
            + "\nHoldouts are acceptance checks that belong to the spec. What they run and what they print is shown "
            + "to nobody who works on it. Read the spec again, item by item, and see what the change does not do yet.\n"
        return [Artifact(name: CheckRun.failureArtifact, bytes: Array(text.utf8))]
    }
}
