import FactoryCore

/// The steps that make a lane ready.
struct SetupRun {
    let shift: Shift
    let lane: any Lane

    /// Before an agent: lays out the tree and runs the steps, when there are any. A failing step does not keep the
    /// agent from working; it will see what the checks see. Only ignored files stay of what the steps have made: the
    /// others would count as the agent's work.
    func prepareForAgent() async throws {
        let configuration = shift.floor.configuration
        try await warmCaches()
        try await lane.show(Layout(tree: shift.tree, head: shift.start.head, main: shift.floor.commit))
        try await lane.loadCaches()
        guard !configuration.setup.isEmpty else { return }
        _ = try await perform()
        try await lane.tidy(leaving: .ignored)
    }

    /// Fills the lane's caches from the main branch's own tree, once: what a PR leaves in them must not reach the next
    /// one, so no other run may fill them.
    func warmCaches() async throws {
        let configuration = shift.floor.configuration
        guard !configuration.keep.isEmpty, await !lane.cachesAreKept() else { return }
        let main = shift.floor.commit
        let tree = try await shift.ports.hub.tree(of: main)
        try await lane.show(Layout(tree: tree, head: main, main: main))
        let logs = shift.logs.ofCaches
        guard try await perform(logs) == nil else { return }
        for check in configuration.checks {
            let job = CommandJob(
                check, in: lane, marker: shift.start.token, log: logs.check(check.name),
                sandbox: configuration.sandbox)
            _ = await shift.ports.commands.run(job)
        }
        guard !shift.isCancelled else { return }
        try await lane.keepCaches()
    }

    /// Runs the steps in order. Gives the outcome when one of them fails, nil when all went well.
    func perform(_ logs: LogPlaces? = nil) async throws -> Outcome? {
        let (logs, configuration) = (logs ?? shift.logs, shift.floor.configuration)
        for (index, step) in configuration.setup.enumerated() {
            let ended = await shift.ports.commands.run(
                CommandJob(
                    run: step.run, lane: lane.directory, directory: lane.directory,
                    timeout: configuration.limits.stage, environment: [], marker: shift.start.token,
                    log: logs.setup(index + 1), sandbox: configuration.sandbox,
                    reach: configuration.sandbox.reach(of: step)))
            switch ended.ending {
            case .exited(0): continue
            case .exited(let code):
                return .failed(.setup, "`\(step.run)` exited with \(code)\n\(ended.excerpt)")
            case .timedOut: return .failed(.setup, "`\(step.run)` ran into the stage's time limit")
            case .cancelled: return .stopped(at: shift.ports.clock.now())
            case .failed(let problem): return .failed(.setup, "`\(step.run)`: \(problem)")
            }
        }
        return nil
    }
}
