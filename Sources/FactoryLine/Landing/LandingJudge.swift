import FactoryCore

/// Asks every guard about a candidate, and the questions that no change alone can answer.
struct LandingJudge {
    let pr: PullRequest
    let floor: Floor
    let hub: any Hub

    /// The rules beyond the guards, by the ids that overrides take.
    private static let reviewedHead = "reviewed-head"
    static let approvedText = "approved-text"

    /// The ids of all rules that a landing passes, for its certificate.
    static var rules: [String] { [reviewedHead, approvedText, OwnPaths.id] + Guards.all.map(\.id) }

    /// What objects, without what a person has overruled.
    func violations(_ candidate: Candidate, tree: TreeID) async throws -> [Violation] {
        let change = try await hub.change(from: candidate.mainTree, to: tree)
        let own = try await hub.outline(from: candidate.baseTree, to: candidate.headTree)
        var context = GuardContext(specPath: pr.specPath, planPath: pr.planPath)
        context.protected = floor.configuration.protected
        context.limits = floor.configuration.limits
        context.isFloor = pr.isFloor
        let found =
            try await unreviewed() + retold(tree)
            + OwnPaths.judge(candidate: change, own: Set(own.paths)) + Guards.judge(change, in: context)
        let overruled = Set(pr.overrides.map(\.rule))
        return found.filter { !overruled.contains($0.rule) }
    }

    /// The head must be the one that the code review looked at.
    private func unreviewed() -> [Violation] {
        guard pr.reviewedHead != pr.head else { return [] }
        let seen = pr.reviewedHead.map { "the code review looked at \($0.short)" } ?? "no code review looked at it"
        return [Violation(rule: Self.reviewedHead, message: "the head is \(pr.head.short), but \(seen)")]
    }

    /// Spec and plan must be, to the byte, what the plan review approved.
    private func retold(_ tree: TreeID) async throws -> [Violation] {
        guard let approved = pr.approvedPlan else {
            return [Violation(rule: Self.approvedText, message: "no plan review has approved the plan")]
        }
        let now = try await ApprovedPlan.read(pr, in: tree, of: hub)
        var violations: [Violation] = []
        if now?.spec != approved.spec {
            violations.append(
                Violation(
                    rule: Self.approvedText, message: "the spec is not the one whose plan was approved",
                    path: pr.specPath))
        }
        if now?.plan != approved.plan {
            violations.append(
                Violation(
                    rule: Self.approvedText, message: "the plan is not the one that was approved", path: pr.planPath))
        }
        return violations
    }
}
