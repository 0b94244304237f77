package import FactoryCore

/// Compares what a person is about to approve with what stands now.
package struct ApprovalCheck: Sendable {
    private let hub: any Hub
    private let floors: any FloorReader

    package init(hub: any Hub, floors: any FloorReader) {
        self.hub = hub
        self.floors = floors
    }

    /// What has moved since the certificate that waits was written, a phrase each; empty: nothing that counts.
    package func moved(_ pr: PullRequest, _ certificate: JSON, _ history: [RecordedEntry]) async throws -> [String] {
        if let push = try await push(pr, history) { return [push] }
        let main = try await hub.mainTip()
        let candidate = try await Candidate.build(pr, on: main, hub: hub)
        guard case .clean(let tree) = candidate.merge else { return ["it conflicts with the main branch now"] }
        let now = try await ApprovedPlan.read(pr, in: tree, of: hub)
        let change = try await hub.outline(from: candidate.mainTree, to: tree)
        var facts: JSONObject = [
            "head": .string(pr.head.hex), "tree": .string(tree.hex),
            "change": .string(try await hub.fingerprint(of: change.listing).hex), "human": certificate["human"],
        ]
        facts["spec"] = now.map { .string($0.spec.hex) }
        facts["plan"] = now.map { .string($0.plan.hex) }
        facts["floor"] = try await hub.floorVersion(in: candidate.mainTree).map { .string($0) }
        let terms = try await floors.floor(at: main).configuration.approval
        return Certificate.moved(from: certificate, to: .object(facts), under: terms)
    }

    /// What has moved since the plan review approved the plan that waits; empty: nothing.
    package func moved(_ pr: PullRequest, _ plan: ApprovedPlan, _ history: [RecordedEntry]) async throws -> [String] {
        if let push = try await push(pr, history) { return [push] }
        let now = try await ApprovedPlan.read(pr, in: hub.tree(of: pr.head), of: hub)
        if now?.spec != plan.spec { return ["the spec is another one"] }
        return now?.plan != plan.plan ? ["the plan is another one"] : []
    }

    /// A push that the line has not taken up yet.
    private func push(_ pr: PullRequest, _ history: [RecordedEntry]) async throws -> String? {
        guard let branch = try await hub.branch(pr.branch), branch != pr.head, !history.names(branch) else {
            return nil
        }
        return "somebody pushed \(branch.short) to \(pr.branch)"
    }
}
