import FactoryCore
import FactoryForge
import FactoryGit

/// What the checkout has and the hub has not, or the other way round.
struct Drift {
    let checkout: Checkout
    let store: GitStore

    /// A sentence for each difference, with the command that ends it.
    func sentences() async throws -> [String] {
        let branch = await store.mainBranch
        let hub = try await store.mainTip().hex
        var sentences: [String] = []
        let local = try await checkout.git.ask(["rev-parse", "-q", "--verify", "refs/heads/\(branch)"])
        if local.code == 0, local.text != hub, try await !contains(hub, local.text) {
            sentences.append(try await ahead(of: hub, local.text, branch))
        }
        let dirty = try await checkout.git.run(["status", "--porcelain", "--", ".factory"])
        if !dirty.isEmpty {
            sentences.append(
                "your .factory/ has changes that are not committed; the line reads the hub's: git add .factory && "
                    + "git commit && git push factory \(branch)")
        }
        return sentences
    }

    /// A branch that only has more can be pushed; one that lacks something as well would be refused.
    private func ahead(of hub: String, _ local: String, _ branch: String) async throws -> String {
        let isAhead = try await checkout.git.ask(["merge-base", "--is-ancestor", hub, local]).code == 0
        guard !isAhead else { return "your \(branch) has commits that the hub lacks: git push factory \(branch)" }
        return
            "your \(branch) and the hub's have both moved on. Commit or unstage what is staged (`submit` stages specs), then: "
            + "git pull --rebase factory \(branch) && git push factory \(branch)"
    }

    /// Whether the hub's commit is, or is ahead of, the local one. An unknown commit is ahead: it landed there.
    private func contains(_ hub: String, _ local: String) async throws -> Bool {
        try await store.isKnown(local, ancestorOf: hub)
    }
}
