import FactoryCore

/// What happens between two stages: the head is brought onto the main branch where a writer is next, and the tree
/// that the lane will show is chosen.
struct Preparation {
    let ports: LinePorts
    let floor: Floor

    enum Answer {
        case ready(Result)
        /// The stage need not begin: how it ends is known.
        case stopped(Outcome)
    }

    struct Result {
        var start: Start
        /// What the PR itself is, and what the lane shows of it.
        var plain: TreeID
        var tree: TreeID
        var conflict: [RepoPath] = []
    }

    func prepare(_ pr: PullRequest, stage: Stage, token: String) async throws -> Answer {
        let hub = ports.hub
        let main = floor.commit
        let attempt = pr.counts[stage, default: Counts()].attempts + 1
        var start = Start(
            stage: stage, attempt: attempt, token: token, head: pr.head, base: pr.base, floor: main)
        if pr.base != main, try await !hub.isAncestor(pr.base, of: main) { return .stopped(.baseLost) }
        try await appendAnswer(to: &start, of: pr)
        let headTree = try await hub.tree(of: start.head)
        guard stage == .plan || stage == .implementation, pr.base != main else {
            return .ready(try await result(headTree, start, pr, under: start.base))
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
            return .ready(try await result(tree, start, pr, under: main))
        case .conflict(let paths, let marked):
            let violations = try await unresolvable(paths, in: headTree, of: pr, at: stage)
            guard violations.isEmpty else { return .stopped(.guardTripped(violations)) }
            // A planner changes no code, so it could only pass the marks on.
            guard stage == .implementation else {
                return .ready(try await result(headTree, start, pr, under: start.base))
            }
            return .ready(try await result(marked, start, pr, under: main, conflict: paths))
        }
    }

    /// Conflicts that no agent may resolve, because only a person may change these paths. What is protected and a person
    /// has overruled, agents see like any other conflict.
    private func unresolvable(
        _ conflict: [RepoPath], in headTree: TreeID, of pr: PullRequest, at stage: Stage
    ) async throws -> [Violation] {
        let mainTree = try await ports.hub.tree(of: floor.commit)
        let change = try await ports.hub.outline(from: mainTree, to: headTree)
        let context = GuardContext(pr, under: floor.configuration)
        let protected = ProtectedPath().judge(
            Change(files: change.files.filter { conflict.contains($0.path) }), in: context)
        let history = try await ports.journal.history(of: pr.number)
        let policy = floor.guardPolicy(for: pr, nil, Conversation(history: history), at: pr.head)
        let own: [RepoPath] = stage == .plan ? [pr.specPath] : [pr.specPath, pr.planPath]
        let texts = own.filter(conflict.contains).map { path in
            Violation(rule: GuardRule.approvedText.id, message: "\(path) is no agent's to change", path: path)
        }
        // What a person overrules here an agent is to join: no content of it has been shown.
        let open = zip(protected, change.placing(protected)).filter { !policy.isOverruled($0.1) }.map(\.0)
        return (open + texts).map {
            var violation = $0
            violation.message += ", and it conflicts with the main branch: join the two on the branch \(pr.branch)"
            return violation
        }
    }

    /// Shows a tree with agent instructions and dot-directories as a commit of the main branch has them, so that no PR
    /// instructs its own reviewer. The writers of a floor spec see their own work.
    private func result(
        _ plain: TreeID, _ start: Start, _ pr: PullRequest, under main: CommitID, conflict: [RepoPath] = []
    ) async throws -> Result {
        var result = Result(start: start, plain: plain, tree: plain, conflict: conflict)
        guard !pr.isFloor || start.stage.role?.isReviewer == true else { return result }
        let mainTree = try await ports.hub.tree(of: main)
        let foreign = try await ports.hub.outline(from: mainTree, to: plain).files
            .filter { ProtectedNames.reason(for: $0, protected: []) != nil && !conflict.contains($0.path) }
            .map(\.path)
        guard !foreign.isEmpty else { return result }
        result.tree = try await ports.hub.overlaying(foreign, from: mainTree, onto: plain)
        return result
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
