import FactoryCore

/// What would be on the main branch if a PR landed now.
struct Candidate {
    /// The main branch's tip that it was built on.
    let main: CommitID
    let mainTree: TreeID
    let headTree: TreeID
    /// The tree that the PR's base had.
    let baseTree: TreeID
    let merge: Merge

    /// Built in memory, on the tip of the main branch or on the commit that is named. When the head stands on the tip already, the candidate is the head's tree.
    static func build(_ pr: PullRequest, on base: CommitID? = nil, hub: any Hub) async throws -> Candidate {
        let main: CommitID
        if let base { main = base } else { main = try await hub.mainTip() }
        let headTree = try await hub.tree(of: pr.head)
        let baseTree = try await hub.tree(of: pr.base)
        guard main != pr.base else {
            return Candidate(
                main: main, mainTree: baseTree, headTree: headTree, baseTree: baseTree, merge: .clean(headTree))
        }
        let mainTree = try await hub.tree(of: main)
        let merge = try await hub.merge(ancestor: baseTree, ours: mainTree, theirs: headTree)
        return Candidate(main: main, mainTree: mainTree, headTree: headTree, baseTree: baseTree, merge: merge)
    }
}
