import FactoryCore

/// Implementation CI: runs the checks on the candidate, that is on the head joined with the main branch as it is now.
struct CIGate: Station {
    func work(_ shift: Shift) async throws -> StageResult {
        let candidate = try await Candidate.build(shift.pr, hub: shift.ports.hub)
        let tree: TreeID
        switch candidate.merge {
        case .clean(let joined): tree = joined
        // Landing will send it back with the conflict; until then the head itself is what can be tested.
        case .conflict: tree = try await shift.ports.hub.tree(of: shift.start.head)
        }
        let run = try await GateRun(shift: shift, tree: tree, main: candidate.main).perform()
        var result = StageResult(run.outcome)
        result.checks = run.results
        result.summary = run.summary
        result.artifacts = run.artifacts
        if run.outcome == .green {
            result.tested = Tested(tree: tree, floor: shift.floor.commit, checks: run.results)
        }
        return result
    }
}
