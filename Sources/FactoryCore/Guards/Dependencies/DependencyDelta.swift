/// What a change does to the dependencies of all manifests that it touches. One that moves from a manifest to another
/// is no new one.
struct DependencyDelta {
    struct Entry {
        var path: RepoPath
        var name: String
        var requirement: String
    }

    private(set) var added: [Entry] = []
    private(set) var changed: [(entry: Entry, before: String)] = []
    private(set) var removed: [Entry] = []
    /// Names that a lock file did not pin before, without those that a manifest adds.
    private(set) var broughtAlong: [(path: RepoPath, names: [String])] = []

    init(of change: Change) {
        let files = change.files.filter { $0.before?.blob != $0.after?.blob && !FileKind.isForeign($0.path) }
        var before: [Manifest.Ecosystem: [String: String]] = [:]
        var after: [Manifest.Ecosystem: [String: String]] = [:]
        let manifests = files.compactMap { file -> (path: RepoPath, old: Manifest, new: Manifest)? in
            guard let old = Manifest(file.path, file.before?.content),
                let new = Manifest(file.path, file.after?.content)
            else { return nil }
            before[old.ecosystem, default: [:]].merge(old.dependencies) { first, _ in first }
            after[new.ecosystem, default: [:]].merge(new.dependencies) { first, _ in first }
            return (file.path, old, new)
        }
        for (path, old, new) in manifests {
            for (name, requirement) in new.dependencies.sorted(by: { $0.key < $1.key }) {
                let entry = Entry(path: path, name: name, requirement: requirement)
                if let earlier = old.dependencies[name] {
                    if earlier != requirement { changed.append((entry, earlier)) }
                } else if before[new.ecosystem]?[name] == nil {
                    added.append(entry)
                }
            }
            removed += old.dependencies.sorted { $0.key < $1.key }.filter { after[old.ecosystem]?[$0.key] == nil }
                .map { Entry(path: path, name: $0.key, requirement: $0.value) }
        }
        let known = Set(added.map { $0.name.lowercased() })
        broughtAlong = files.compactMap { file in
            guard let old = LockFile.names(in: file.path, file.before?.content), file.before != nil,
                let new = LockFile.names(in: file.path, file.after?.content)
            else { return nil }
            let names = new.subtracting(old).filter { !known.contains($0.lowercased()) }.sorted()
            return names.isEmpty ? nil : (file.path, names)
        }
    }
}

/// Trips on dependencies that no manifest of the change named before.
package struct NewDependency: Guard {
    package let id = "new-dependency"
    package let summary = """
        a dependency that a manifest did not name before: SwiftPM, npm, Python, Cargo, Go, Ruby, Maven, Gradle, Composer
        """

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        DependencyDelta(of: change).added.map { entry in
            let requirement = entry.requirement.isEmpty ? "" : " (\(entry.requirement.prefix(80)))"
            return Violation(
                rule: id, message: "\(entry.path) takes on the dependency `\(entry.name)`\(requirement)",
                path: entry.path, subject: entry.name)
        }
    }
}

/// Objects to dependencies that stay under another requirement or go, and to what lock files bring along.
package struct ChangedDependency: Guard {
    package let id = "changed-dependency"
    package let summary = "another requirement of a dependency, one that goes, and what lock files bring along"
    package let level = GuardLevel.warn

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        let delta = DependencyDelta(of: change)
        let moved = delta.changed.map { entry, before in
            Violation(
                rule: id,
                message:
                    "\(entry.path) asks for `\(entry.name)` as \(entry.requirement.prefix(80)), before \(before.prefix(80))",
                path: entry.path, subject: entry.name)
        }
        let gone = delta.removed.map { entry in
            Violation(
                rule: id, message: "\(entry.path) no longer names `\(entry.name)`", path: entry.path,
                subject: entry.name)
        }
        let brought = delta.broughtAlong.map { path, names in
            let rest = names.count > 5 ? " and \(names.count - 5) more" : ""
            let list = names.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
            return Violation(rule: id, message: "\(path) brings along \(list)\(rest)", path: path)
        }
        return moved + gone + brought
    }
}
