import FactoryCore

extension Shift {
    /// The spec as the plan review approved it, whatever the PR has made of it since; nil before that.
    func approvedSpec() async throws -> Spec? {
        guard let approved = pr.approvedPlan else { return nil }
        let text = try await ports.hub.content(of: approved.spec, limit: 1 << 20)
        return try ports.library.spec(text, at: pr.specPath)
    }

    /// What becomes of objections to this PR, under this floor.
    func guardPolicy(_ spec: Spec?) -> GuardPolicy {
        GuardPolicy(settings: floor.configuration.guards, allows: spec?.allows ?? [], overrides: pr.overrides)
    }

    /// Likewise, with the approved spec.
    func guardPolicy() async throws -> GuardPolicy { guardPolicy(try await approvedSpec()) }
}
