/// Objects to whatever a person likes to hear about in the morning: manifests, lock files, build scripts, the README.
package struct WatchedPath: Guard {
    package let id = "watched-path"
    package let summary = "manifests, lock files, build scripts, README, and what `paths` names"
    package let level = GuardLevel.warn

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        let own = context.paths[id] ?? []
        return change.files.compactMap { file in
            guard let what = kind(of: file.path, own) else { return nil }
            let verb = file.before == nil ? "added" : file.after == nil ? "removed" : "changed"
            return Violation(rule: id, message: "\(file.path), \(what), is \(verb)", path: file.path)
        }
    }

    private func kind(of path: RepoPath, _ own: [Glob]) -> String? {
        let name = path.lowerName
        if FileKind.isForeign(path) { return nil }
        if FileKind.isManifest(name) { return "a manifest" }
        if FileKind.locks[name] != nil { return "a lock file" }
        if FileKind.isBuildScript(name) { return "a build script" }
        if name == "readme" || name.hasPrefix("readme.") { return "a README" }
        return own.first { $0.matches(path) }.map { "watched by `\($0)`" }
    }
}
