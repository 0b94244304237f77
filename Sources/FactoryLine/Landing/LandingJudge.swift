import FactoryCore

/// Asks every guard about a candidate, and the questions that no change alone can answer.
struct LandingJudge {
    let shift: Shift
    let conversation: Conversation

    private var pr: PullRequest { shift.pr }
    private var hub: any Hub { shift.ports.hub }

    /// All objections, by what follows from them, and the policy that says so.
    func judge(_ candidate: Candidate, tree: TreeID) async throws -> (judgement: Judgement, policy: GuardPolicy) {
        let change = try await hub.change(from: candidate.mainTree, to: tree)
        let own = try await hub.outline(from: candidate.baseTree, to: candidate.headTree)
        let spec = try await shift.approvedSpec()
        let policy = shift.guardPolicy(spec)
        let context = GuardContext(pr, under: shift.floor.configuration)
        let found =
            try await unreviewed() + retold(tree)
            + UnansweredItem.judge(spec?.doneItems ?? [], by: conversation.approvingVerdict)
            + OwnPaths.judge(candidate: change, own: Set(own.paths))
            + Guards.judge(change, in: context, by: policy.asked(Guards.all))
        return (policy.judge(found), policy)
    }

    /// The head must be the one that the code review looked at.
    private func unreviewed() -> [Violation] {
        guard pr.reviewedHead != pr.head else { return [] }
        let seen = pr.reviewedHead.map { "the code review looked at \($0.short)" } ?? "no code review looked at it"
        return [Violation(rule: GuardRule.reviewedHead.id, message: "the head is \(pr.head.short), but \(seen)")]
    }

    /// Spec and plan must be, to the byte, what the plan review approved.
    private func retold(_ tree: TreeID) async throws -> [Violation] {
        let rule = GuardRule.approvedText.id
        guard let approved = pr.approvedPlan else {
            return [Violation(rule: rule, message: "no plan review has approved the plan")]
        }
        let now = try await ApprovedPlan.read(pr, in: tree, of: hub)
        var violations: [Violation] = []
        if now?.spec != approved.spec {
            violations.append(
                Violation(rule: rule, message: "the spec is not the one whose plan was approved", path: pr.specPath))
        }
        if now?.plan != approved.plan {
            violations.append(
                Violation(rule: rule, message: "the plan is not the one that was approved", path: pr.planPath))
        }
        return violations
    }
}
