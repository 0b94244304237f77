/// Trips on what the line cannot carry faithfully: submodules, pointers of Git LFS, and names that differ only in
/// spelling, which are one file on some machines.
package struct UnsupportedContent: Guard {
    package let id = "unsupported-content"
    package let summary = """
        submodules that are added or moved, pointers of Git LFS, names that differ only in spelling, repositories inside, \
        a device, FIFO or socket in place of a file, giants
        """
    package let isFixed = true
    package let judgesSnapshot = true

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        change.files.compactMap(unsupported) + collisions(in: change)
    }

    private func unsupported(_ file: FileChange) -> Violation? {
        if let after = file.after, after.mode == .submodule, file.before?.blob != after.blob {
            return Violation(rule: id, message: "\(file.path) is a submodule, which no lane can show", path: file.path)
        }
        guard let content = file.newContent?.content, content.starts(with: "version https://git-lfs".utf8) else {
            return nil
        }
        return Violation(rule: id, message: "\(file.path) is a pointer of Git LFS", path: file.path)
    }

    private func collisions(in change: Change) -> [Violation] {
        var first: [[String]: RepoPath] = [:]
        return change.files.compactMap { file in
            guard file.after != nil else { return nil }
            let folded = FoldedName.parts(of: file.path)
            guard let other = first[folded] else {
                first[folded] = file.path
                return nil
            }
            return Violation(
                rule: id, message: "\(file.path) and \(other) are the same file on some machines", path: file.path)
        }
    }
}
