import FactoryCore

/// What would be on the main branch without a landing. The same landing and the same main branch give the same tree.
struct RevertCandidate {
    /// The commit that is taken back.
    let landed: CommitID
    /// The main branch's tip that it was built on, and its tree.
    let main: CommitID
    let mainTree: TreeID
    let tree: TreeID
    /// The paths that the landing touched.
    let own: Set<RepoPath>

    /// Built in memory. Throws `RevertRefused` when it cannot be taken back.
    static func build(_ pr: PullRequest, _ hub: any Hub) async throws -> RevertCandidate {
        guard let landed = pr.landed else { throw RevertRefused.notLanded(pr.number) }
        if let commit = pr.reverted { throw RevertRefused.already(pr.number, commit) }
        let main = try await hub.mainTip()
        guard try await hub.isAncestor(landed, of: main) else { throw RevertRefused.gone(pr.number, landed) }
        let mainTree = try await hub.tree(of: main)
        let own = Set(try await hub.outline(from: tree(before: landed, hub), to: hub.tree(of: landed)).paths)
        switch try await merge(landed, onto: mainTree, hub) {
        case .conflict(let paths, _): throw RevertRefused.conflict(pr.number, landed, paths)
        case .clean(mainTree): throw RevertRefused.nothingLeft(pr.number)
        case .clean(let tree):
            return RevertCandidate(landed: landed, main: main, mainTree: mainTree, tree: tree, own: own)
        }
    }

    /// The inverse of a landing, joined with a tree of the main branch.
    static func merge(_ landed: CommitID, onto mainTree: TreeID, _ hub: any Hub) async throws -> Merge {
        try await hub.merge(ancestor: hub.tree(of: landed), ours: mainTree, theirs: tree(before: landed, hub))
    }

    private static func tree(before landed: CommitID, _ hub: any Hub) async throws -> TreeID {
        guard let parent = try await hub.facts(of: landed).parents.first else { return .empty }
        return try await hub.tree(of: parent)
    }

    /// Those that object to what must never be on the main branch. Which tests go, and how much, is the point of it.
    private static let guards: [any Guard] = [EscapingSymlink(), UnsupportedContent(), AddedSecret(), ConflictMarker()]
    static var rules: [String] { [OwnPaths.rule.id] + guards.map(\.id) }

    func violations(_ pr: PullRequest, _ hub: any Hub) async throws -> [Violation] {
        let change = try await hub.change(from: mainTree, to: tree)
        let context = GuardContext(specPath: pr.specPath, planPath: pr.planPath)
        let landedTree = try await hub.tree(of: landed)
        return try await hub.foreignPaths(change, own: own, from: landedTree, to: mainTree)
            + Guards.judge(change, in: context, by: Self.guards)
    }
}
