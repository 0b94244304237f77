/// Trips when a change touches what the checks are made of: the configuration of linters, test runners and compilers,
/// scripts that a check names, and those parts of shared files that checks use.
///
/// What is new has no check that leans on it yet, unless it comes before what one uses, as GNUmakefile before Makefile. A
/// spec of kind `floor` is left to `FloorOnly`.
package struct WeakenedConfiguration: Guard {
    package let id = "weakened-configuration"
    package let summary = """
        a changed or removed file that a check leans on: configuration of linters, formatters, test runners and compilers, \
        a script that a check names, a Makefile target or npm script that one calls, and what `paths` names
        """

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        guard !context.isFloor else { return [] }
        let own = context.paths[id] ?? []
        return change.files.compactMap { file in
            guard file.before?.blob != file.after?.blob, !FileKind.isForeign(file.path) else { return nil }
            let found =
                file.before == nil ? Self.shadow(file.path, context.checks) : problem(with: file, own, context.checks)
            guard let problem = found else { return nil }
            return Violation(rule: id, message: "\(file.path): \(problem)", path: file.path)
        }
    }

    /// What is new can take the place of what a check uses.
    private static func shadow(_ path: RepoPath, _ checks: [Check]) -> String? {
        checks.first { CheckCommand($0).prefers(path) }.map { "it takes the place of what the check \($0.name) uses" }
    }

    private func problem(with file: FileChange, _ own: [Glob], _ checks: [Check]) -> String? {
        let verb = file.after == nil ? "is removed" : "changes"
        if let pattern = own.first(where: { $0.matches(file.path) }) {
            return "what checks lean on by `\(pattern)` \(verb)"
        }
        let name = file.path.lowerName
        if ToolFiles.isConfiguration(name) { return "the configuration of a check's tool \(verb)" }
        if let check = checks.first(where: { CheckCommand($0).names(file.path) }) {
            return "what the check \(check.name) runs \(verb)"
        }
        let (before, after) = (Self.text(file.before), Self.text(file.after))
        switch name {
        case "makefile", "gnumakefile": return makefile(file.path, before, after, checks)
        case "package.json": return node(before, after, checks)
        case "pyproject.toml", "setup.cfg", "cargo.toml":
            let changed = ToolFiles.changedSections(of: name, before, after)
            return changed.first.map { "the section [\($0)] of a check's tool changes" }
        case _ where name.hasSuffix(".mk") && checks.contains { CheckCommand($0).makeTargets != nil }:
            return "a part of a makefile \(verb)"
        default: return nil
        }
    }

    private static func text(_ version: FileVersion?) -> String {
        version?.content.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func makefile(_ path: RepoPath, _ before: String, _ after: String, _ checks: [Check]) -> String? {
        let (old, new) = (Makefile(before), Makefile(after))
        for check in checks {
            let command = CheckCommand(check)
            guard command.directory == (path.parent?.text ?? ""), let targets = command.makeTargets else { continue }
            let named = targets.isEmpty ? old.first.map { [$0] } ?? [] : targets
            for target in named where old.closure(of: target) != new.closure(of: target) {
                return "the target `\(target)`, which the check \(check.name) makes, changes"
            }
        }
        return nil
    }

    private func node(_ before: String, _ after: String, _ checks: [Check]) -> String? {
        let (old, new) = (NodePackage(before), NodePackage(after))
        for script in checks.flatMap({ CheckCommand($0).scripts }) {
            let names = old.closure(of: script)
            if let name = names.first(where: { old.scripts[$0] != new.scripts[$0] }) {
                return "the script `\(name)`, which a check runs, changes"
            }
        }
        let section = NodePackage.tools.first { old.document[$0] != nil && old.document[$0] != new.document[$0] }
        return section.map { "`\($0)`, the configuration of a check's tool, changes" }
    }
}
