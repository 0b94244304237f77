import FactoryCore

/// Plan review: judges the plan against the spec. Its approval binds to the content of both.
struct PlanReviewer: Station {
    func work(_ shift: Shift) async throws -> StageResult {
        var result = try await ReviewerStation(shift: shift, role: .planReviewer).work()
        guard result.outcome == .approved else { return result }
        let tree = try await shift.ports.hub.tree(of: shift.start.head)
        guard let approved = try await ApprovedPlan.read(shift.pr, in: tree, of: shift.ports.hub) else {
            throw StationError.missing(shift.pr.planPath)
        }
        result.approvedPlan = approved
        let plan = try await shift.ports.hub.file(shift.pr.planPath, in: tree, limit: 1 << 20)
        result.plannedFiles = plan.map { PlannedFiles.named(in: $0) }
        return result
    }
}

extension ApprovedPlan {
    /// Spec and plan as a tree has them; nil when one is missing.
    static func read(_ pr: PullRequest, in tree: TreeID, of hub: any Hub) async throws -> ApprovedPlan? {
        guard let spec = try await hub.fingerprint(of: pr.specPath, in: tree),
            let plan = try await hub.fingerprint(of: pr.planPath, in: tree)
        else { return nil }
        return ApprovedPlan(spec: BlobID(spec), plan: BlobID(plan))
    }
}
