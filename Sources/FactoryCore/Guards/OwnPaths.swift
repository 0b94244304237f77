/// Keeps a landing to the PR's own paths.
///
/// A candidate that differs from the main branch anywhere else would bring back what somebody removed, or remove what
/// somebody landed.
package enum OwnPaths {
    package static let id = "foreign-path"

    /// Judges main..candidate by the paths of base..head.
    package static func judge(candidate: Change, own: Set<RepoPath>) -> [Violation] {
        candidate.paths.filter { !own.contains($0) }.map { path in
            Violation(
                rule: id, message: "landing would change \(path), which the PR itself does not touch", path: path)
        }
    }
}
