/// Keeps a landing to the PR's own paths.
///
/// A candidate that differs from the main branch anywhere else would bring back what somebody removed, or remove what
/// somebody landed.
package enum OwnPaths {
    package static let rule = GuardRule(
        id: "foreign-path", summary: "a landing that would change a path which the PR itself does not touch",
        isFixed: true, isAllowable: false)

    /// Judges main..candidate by the paths of base..head. `moved` tells where files went on the main branch since the base:
    /// what was done to one of them belongs to where it is now.
    package static func judge(
        candidate: Change, own: Set<RepoPath>, moved: [RepoPath: RepoPath] = [:]
    ) -> [Violation] {
        let followed = own.union(moved.filter { own.contains($0.key) }.values)
        return candidate.paths.filter { !followed.contains($0) }.map { path in
            Violation(
                rule: rule.id, message: "landing would change \(path), which the PR itself does not touch", path: path)
        }
    }
}
