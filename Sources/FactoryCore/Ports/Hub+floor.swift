extension Hub {
    /// The version of the floor that a tree holds: the ids of `.factory` and, where there is one, of the principles. Nil
    /// when it has no floor.
    package func floorVersion(in tree: TreeID) async throws -> String? {
        guard let rules = try await fingerprint(of: RepoPath(".factory"), in: tree) else { return nil }
        let principles = try await fingerprint(of: RepoPath("docs/principles.md"), in: tree)
        return principles.map { "\(rules)+\($0)" } ?? rules
    }
}
