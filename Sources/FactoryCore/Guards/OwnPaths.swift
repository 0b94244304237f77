/// Keeps a landing to the PR's own paths.
///
/// A candidate that differs from the main branch anywhere else would bring back what somebody removed, or remove what
/// somebody landed.
package enum OwnPaths {
    package static let rule = GuardRule(
        id: "foreign-path", summary: "a landing that would change a path which the PR itself does not touch",
        isFixed: true, isAllowable: false)

    /// Judges main..candidate by the paths of base..head.
    package static func judge(candidate: Change, own: Set<RepoPath>) -> [Violation] {
        candidate.paths.filter { !own.contains($0) }.map { path in
            Violation(
                rule: rule.id, message: "landing would change \(path), which the PR itself does not touch", path: path)
        }
    }
}
