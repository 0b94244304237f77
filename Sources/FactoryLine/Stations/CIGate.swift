import FactoryCore

/// Implementation CI: runs the checks on the candidate, that is on the head joined with the main branch as it is now.
struct CIGate: Station {
    func work(_ shift: Shift) async throws -> StageResult {
        let candidate = try await Candidate.build(shift.pr, hub: shift.ports.hub)
        switch candidate.merge {
        case .clean(let joined):
            return try await Trial(shift: shift, tree: joined, main: candidate.main, base: candidate.mainTree).perform()
        case .conflict:
            // Landing will send it back with the conflict; until then the head itself is what can be tested.
            return try await Trial(
                shift: shift, tree: candidate.headTree, main: candidate.main, base: candidate.baseTree
            ).perform()
        }
    }
}
