import FactoryCore
import FactoryGit

/// What the hub's main branch has and no lane will show.
struct Unseen {
    let store: GitStore

    /// A sentence for each kind. With `thorough` every directory is read; otherwise only a tree with a `.gitmodules` is
    /// looked into.
    func sentences(thorough: Bool) async throws -> [String] {
        let tree = try await store.tree(of: store.mainTip())
        if !thorough, try await store.fingerprint(of: RepoPath(".gitmodules"), in: tree) == nil { return [] }
        let submodules = try await store.submodules(in: tree).map(\.description)
        guard !submodules.isEmpty else { return [] }
        let more = submodules.count > 5 ? ["\(submodules.count - 5) more"] : []
        return [
            "submodules are not supported: agents and checks find an empty directory at "
                + "\(Wording.list(submodules.prefix(5) + more)), and a change of one is parked. Where they are needed, "
                + "put the files themselves into the repository"
        ]
    }
}
