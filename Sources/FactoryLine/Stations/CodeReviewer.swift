import FactoryCore

/// Code review: judges the change against spec and plan.
struct CodeReviewer: Station {
    func work(_ shift: Shift) async throws -> StageResult {
        try await ReviewerStation(shift: shift, role: .codeReviewer).work()
    }
}
