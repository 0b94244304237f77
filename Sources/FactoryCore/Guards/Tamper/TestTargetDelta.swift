/// Tests that a change of `Package.swift` keeps from being built, while their files stay as they are.
struct TestTargetDelta {
    private(set) var findings: [Weakening] = []
    private let change: Change

    static func findings(of change: Change) -> [Weakening] {
        var delta = TestTargetDelta(change: change)
        for file in change.files where isManifest(file.path) && file.before?.blob != file.after?.blob {
            guard let before = file.before?.content, let after = file.after?.content else { continue }
            delta.compare(TestTargets(before), TestTargets(after), file.path)
        }
        return delta.findings
    }

    private init(change: Change) { self.change = change }

    /// `Package.swift`, and those that SwiftPM of one version takes in its place.
    static func isManifest(_ path: RepoPath) -> Bool {
        path.name == "Package.swift" || path.name.hasPrefix("Package@swift-") && path.name.hasSuffix(".swift")
    }

    private mutating func compare(_ before: TestTargets, _ after: TestTargets, _ manifest: RepoPath) {
        var pool = after.targets
        let known = Set(before.targets.map(\.name))
        for target in before.targets {
            if let index = pool.firstIndex(where: { $0.name == target.name && $0.isTemplate == target.isTemplate })
                ?? pool.firstIndex(where: { !known.contains($0.name) && !$0.isTemplate && Self.share($0, target) })
            {
                compare(target, pool.remove(at: index), manifest)
            } else if !target.isTemplate, !isLeft(target, manifest) {
                add("no longer has the test target `\(target.name)`", manifest, target.name)
            }
        }
        guard !before.targets.isEmpty, after.cuts.count > before.cuts.count, let cut = after.cuts.last else { return }
        add("takes something out of a list, or sets one anew, with `\(cut.word)`", manifest, cut.word, at: cut.line)
    }

    /// Whether two targets look for their files in one place.
    private static func share(_ a: TestTargets.Target, _ b: TestTargets.Target) -> Bool {
        !Set(a.directories).isDisjoint(with: b.directories)
    }

    private mutating func compare(_ old: TestTargets.Target, _ new: TestTargets.Target, _ manifest: RepoPath) {
        let name = new.name
        if !Self.share(old, new), !old.isTemplate, !isLeft(old, manifest) {
            add("no longer looks where the tests of `\(name)` were", manifest, name, at: new.line)
        }
        for entry in new.exclude.subtracting(old.exclude).sorted() where !isHarmless(entry, of: new, manifest) {
            add("leaves `\(entry)` out of the test target `\(name)`", manifest, entry, at: new.line)
        }
        if let sources = new.sources {
            let gone = old.sources.map { $0.subtracting(sources).sorted() } ?? ["all"]
            for entry in gone where old.sources == nil || !isGone(entry, of: new, manifest) {
                add("no longer takes `\(entry)` into the test target `\(name)`", manifest, entry, at: new.line)
            }
        }
        for condition in new.conditions.symmetricDifference(old.conditions).sorted() {
            add("changes `\(condition)`, by which `\(name)` is compiled", manifest, condition, at: new.line)
        }
        if new.isConditional, !old.isConditional {
            add("has the test target `\(name)` only under a condition", manifest, name, at: new.line)
        }
    }

    private mutating func add(_ what: String, _ manifest: RepoPath, _ subject: String, at line: Int? = nil) {
        findings.append(
            Weakening(
                signal: .deselected, message: "\(manifest) \(what)", path: manifest, line: line, subject: subject))
    }

    // MARK: What the change does to the files

    /// The files of the change at a path or below it, as the manifest names it.
    private func files(at entry: String, _ manifest: RepoPath) -> [FileChange] {
        let parts = (manifest.parent?.parts ?? []) + entry.split(separator: "/").map(String.init).filter { $0 != "." }
        return change.files.filter { $0.path.parts.starts(with: parts) }
    }

    private static func hasTests(_ version: FileVersion?, at path: RepoPath) -> Bool {
        let language = SwiftTests()
        guard language.covers(path), let content = version?.content else { return false }
        return !language.inventory(of: content).tests.isEmpty
    }

    /// Whether the tests of a target went from where they were: as far as the change tells, nothing stayed there.
    private func isLeft(_ target: TestTargets.Target, _ manifest: RepoPath) -> Bool {
        let files = target.directories.flatMap { self.files(at: $0, manifest) }
        return files.contains { Self.hasTests($0.before, at: $0.path) } && files.allSatisfy { $0.after == nil }
    }

    /// Whether an entry of `sources` names what the change removes.
    private func isGone(_ entry: String, of target: TestTargets.Target, _ manifest: RepoPath) -> Bool {
        let files = target.directories.flatMap { self.files(at: "\($0)/\(entry)", manifest) }
        return !files.isEmpty && files.allSatisfy { $0.after == nil }
    }

    private static let materials: Set<String> = [
        "fixtures", "resources", "snapshots", "__snapshots__", "goldens", "golden", "testdata", "data", "corpus",
    ]

    /// Whether nothing that was tested is left out with an entry of `exclude`: a file that is no source, what goes, and
    /// directories of material or of new files alone.
    private func isHarmless(_ entry: String, of target: TestTargets.Target, _ manifest: RepoPath) -> Bool {
        let files = target.directories.flatMap { self.files(at: "\($0)/\(entry)", manifest) }
        if files.contains(where: { Self.hasTests($0.after, at: $0.path) }) { return false }
        if !files.isEmpty, files.allSatisfy({ $0.after == nil || $0.before == nil }) { return true }
        let name = entry.split(separator: "/").last.map { $0.lowercased() } ?? entry
        return name.contains(".") && !name.hasSuffix(".swift") && name != "." && name != ".."
            || Self.materials.contains(name)
    }
}
