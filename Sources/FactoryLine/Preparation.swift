import FactoryCore

/// What happens between two stages: the head is brought onto the main branch where a writer is next, and the tree
/// that the lane will show is chosen.
struct Preparation {
    let ports: LinePorts
    let floor: Floor

    struct Result {
        var start: Start
        var tree: TreeID
        var conflict: [RepoPath] = []
    }

    /// Nil: the PR's base is no longer in the main branch's history.
    func prepare(_ pr: PullRequest, stage: Stage, token: String) async throws -> Result? {
        let hub = ports.hub
        let main = floor.commit
        let attempt = pr.counts[stage, default: Counts()].attempts + 1
        var start = Start(
            stage: stage, attempt: attempt, token: token, head: pr.head, base: pr.base, floor: main)
        if pr.base != main, try await !hub.isAncestor(pr.base, of: main) { return nil }
        try await appendAnswer(to: &start, of: pr)
        let headTree = try await hub.tree(of: start.head)
        guard stage == .plan || stage == .implementation, pr.base != main else {
            return Result(start: start, tree: try await shown(headTree, start: start, pr))
        }
        let merge = try await hub.merge(
            ancestor: hub.tree(of: pr.base), ours: hub.tree(of: main), theirs: headTree)
        switch merge {
        case .clean(let tree):
            start.head = try await hub.commit(
                CommitDraft(
                    tree: tree, parents: [start.head, main], author: .factory,
                    message: "Bring \(pr.name) onto the main branch\n", time: ports.clock.now()))
            start.base = main
            return Result(start: start, tree: try await shown(tree, start: start, pr))
        case .conflict(let paths, let marked):
            return Result(start: start, tree: marked, conflict: paths)
        }
    }

    /// What the lane shows of a tree: agent instructions and dot-directories as the main branch has them, so that no
    /// PR instructs its own reviewer. The writers of a floor spec see their own work.
    private func shown(_ tree: TreeID, start: Start, _ pr: PullRequest) async throws -> TreeID {
        guard !pr.isFloor || start.stage.role?.isReviewer == true else { return tree }
        let mainTree = try await ports.hub.tree(of: start.base)
        let foreign = try await ports.hub.outline(from: mainTree, to: tree).files
            .filter { ProtectedNames.reason(for: $0, protected: []) != nil }
            .map(\.path)
        guard !foreign.isEmpty else { return tree }
        return try await ports.hub.overlaying(foreign, from: mainTree, onto: tree)
    }

    /// A person's fresh answer becomes part of the plan, where there is one.
    private func appendAnswer(to start: inout Start, of pr: PullRequest) async throws {
        let history = try await ports.journal.history(of: pr.number)
        guard let answer = Conversation(history: history).freshAnswer else { return }
        let tree = try await ports.hub.tree(of: pr.head)
        guard let plan = try await ports.hub.file(pr.planPath, in: tree, limit: 1 << 20) else { return }
        let added = "\n## Answered while \(start.stage.rawValue) waited\n\n\(answer)\n"
        let text = plan + Array(added.utf8)
        let changed = try await ports.hub.putting(text, at: pr.planPath, into: tree)
        start.head = try await ports.hub.commit(
            CommitDraft(
                tree: changed, parents: [pr.head], author: .factory,
                message: "Add a person's answer to the plan of \(pr.name)\n", time: ports.clock.now()))
        start.plan = try await ports.hub.fingerprint(of: text)
    }
}
