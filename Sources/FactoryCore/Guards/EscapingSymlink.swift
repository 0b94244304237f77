/// Trips on symbolic links that lead out of the repository or into `.git`.
///
/// Judged by the text alone: `..` is allowed only in front, because behind a name it depends on what that name is,
/// which may be another link.
package struct EscapingSymlink: Guard {
    package let id = "escaping-symlink"
    package let summary = "a link that leads out of the repository or into `.git`"
    package let isFixed = true
    package let judgesSnapshot = true

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        change.files.compactMap { file in
            guard let after = file.after, after.mode == .symlink,
                file.before?.mode != .symlink || file.before?.blob != after.blob,
                let problem = problem(with: after.content, at: file.path)
            else { return nil }
            return Violation(rule: id, message: "the link \(file.path) \(problem)", path: file.path)
        }
    }

    private func problem(with target: [UInt8]?, at path: RepoPath) -> String? {
        guard let target, let first = target.first else { return "has no target that could be looked at" }
        let shown = RepoPath(bytes: target)
        if first == UInt8(ascii: "/") || first == UInt8(ascii: "\\") || target.dropFirst().first == UInt8(ascii: ":") {
            return "is absolute: \(shown)"
        }
        let parts = target.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        let up: [UInt8] = [UInt8(ascii: "."), UInt8(ascii: ".")]
        let names = parts.filter { !$0.elementsEqual([UInt8(ascii: ".")]) }
        let rising = names.prefix { $0.elementsEqual(up) }.count
        if rising > path.parts.count - 1 { return "leaves the repository: \(shown)" }
        if names.dropFirst(rising).contains(where: { $0.elementsEqual(up) }) {
            return "goes up behind a name, where it may lead anywhere: \(shown)"
        }
        return names.contains { FoldedName.of($0) == ".git" } ? "leads into .git: \(shown)" : nil
    }
}
