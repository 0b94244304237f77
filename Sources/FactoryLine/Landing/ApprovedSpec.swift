import FactoryCore

extension Library {
    /// The spec as the plan review approved it, whatever the PR has made of it since; nil before that.
    func approvedSpec(of pr: PullRequest, in hub: any Hub) async throws -> Spec? {
        guard let approved = pr.approvedPlan else { return nil }
        return try spec(try await hub.content(of: approved.spec, limit: 1 << 20), at: pr.specPath)
    }
}

extension Floor {
    /// What becomes of objections to a PR, by what its approved spec allows.
    func guardPolicy(for pr: PullRequest, _ spec: Spec?) -> GuardPolicy {
        GuardPolicy(settings: configuration.guards, allows: spec?.allows ?? [], overrides: pr.overrides)
    }
}

extension Shift {
    /// What becomes of objections to this PR, by what its approved spec allows.
    func guardPolicy() async throws -> GuardPolicy {
        floor.guardPolicy(for: pr, try await ports.library.approvedSpec(of: pr, in: ports.hub))
    }
}
