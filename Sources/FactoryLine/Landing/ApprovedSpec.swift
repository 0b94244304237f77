import FactoryCore

extension Library {
    /// The spec as the plan review approved it, whatever the PR has made of it since; nil before that.
    func approvedSpec(of pr: PullRequest, in hub: any Hub) async throws -> Spec? {
        guard let approved = pr.approvedPlan else { return nil }
        return try spec(try await hub.content(of: approved.spec, limit: 1 << 20), at: pr.specPath)
    }
}

extension Floor {
    /// What becomes of objections to a head of a PR, by what its approved spec allows and a person has overruled; nil: to
    /// work that is no head yet.
    func guardPolicy(
        for pr: PullRequest, _ spec: Spec?, _ conversation: Conversation, at head: CommitID?
    ) -> GuardPolicy {
        GuardPolicy(
            settings: configuration.guards, allows: spec?.allows ?? [],
            overrides: conversation.placed(pr.overrides), head: head)
    }
}

extension Shift {
    /// What becomes of objections to a head of this PR; nil: to work that is no head yet.
    func guardPolicy(at head: CommitID?) async throws -> GuardPolicy {
        floor.guardPolicy(
            for: pr, try await ports.library.approvedSpec(of: pr, in: ports.hub),
            Conversation(history: try await ports.journal.history(of: pr.number)), at: head)
    }
}
