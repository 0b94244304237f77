import FactoryCore

/// Asks every guard about a candidate, and the questions that no change alone can answer.
struct LandingJudge {
    let pr: PullRequest
    let floor: Floor
    let hub: any Hub
    let library: any Library
    let conversation: Conversation

    /// All objections, by what follows from them, and the policy that says so. `tested` is what the checks said of the
    /// tree.
    func judge(
        _ candidate: Candidate, tree: TreeID, tested: Tested
    ) async throws -> (judgement: Judgement, policy: GuardPolicy) {
        let change = try await hub.change(from: candidate.mainTree, to: tree)
        let own = try await hub.outline(from: candidate.baseTree, to: candidate.headTree)
        let spec = try await library.approvedSpec(of: pr, in: hub)
        let policy = floor.guardPolicy(for: pr, spec, conversation, at: pr.head)
        let context = GuardContext(pr, under: floor.configuration)
        let baseTests = BaseTests(of: change, allowed: Leave(spec))
        let found =
            try await unreviewed() + retold(tree)
            + UnansweredItem.judge(spec?.doneItems ?? [], by: conversation.approvingVerdict)
            + hub.foreignPaths(change, own: Set(own.paths), from: candidate.baseTree, to: candidate.mainTree)
            + Guards.judge(change, in: context, by: policy.asked(Guards.all))
            + baseTests.objections(tested.baseTests)
        return (policy.judge(change.placing(found)), policy)
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

extension Hub {
    /// What the change touches beyond the paths that are its own. Whether the main branch has moved files since is looked at
    /// only when something is.
    func foreignPaths(
        _ change: Change, own: Set<RepoPath>, from before: TreeID, to main: TreeID
    ) async throws -> [Violation] {
        let found = OwnPaths.judge(candidate: change, own: own)
        if found.isEmpty { return [] }
        return OwnPaths.judge(candidate: change, own: own, moved: try await renames(from: before, to: main))
    }
}

extension LandingJudge {
    /// The judge of what is about to land.
    init(_ shift: Shift) async throws {
        self.init(
            pr: shift.pr, floor: shift.floor, hub: shift.ports.hub, library: shift.ports.library,
            conversation: Conversation(history: try await shift.ports.journal.history(of: shift.pr.number)))
    }
}
