/// Recorded results that a change rewrites or removes.
enum SnapshotDelta {
    static func findings(of change: Change) -> [Weakening] {
        let arrived = Set(change.files.compactMap { $0.before == nil ? $0.after?.blob : nil })
        return change.files.compactMap { file in
            guard let before = file.before, before.blob != file.after?.blob, isSnapshot(file.path),
                !arrived.contains(before.blob)
            else { return nil }
            guard let after = file.after else {
                return finding("the recorded results in \(file.path) are gone", file.path, isWeak: true)
            }
            if before.size > 0, after.content?.contains(where: { !MaskedSource.isSpace($0) }) == false {
                return finding("the recorded results in \(file.path) are empty now", file.path, isWeak: false)
            }
            return finding(
                "the recorded results in \(file.path) were rewritten, and nothing of the product changed", file.path,
                isWeak: true)
        }
    }

    private static func finding(_ message: String, _ path: RepoPath, isWeak: Bool) -> Weakening {
        Weakening(signal: .recordedSnapshots, message: message, path: path, isWeak: isWeak)
    }

    private static let directories: Set<String> = [
        "__snapshots__", "snapshots", "__image_snapshots__", "goldens", "golden", "golden_files", "approved",
        "referenceimages", "reference_images", "cassettes",
    ]
    private static let endings: Set<String> = ["snap", "ambr", "golden", "approved", "snapshot", "expected"]

    /// Whether a path is one where recorded results are kept.
    static func isSnapshot(_ path: RepoPath) -> Bool {
        let parts = path.name.lowercased().split(separator: ".").map(String.init)
        return path.parts.dropLast().contains { directories.contains($0.lowercased()) }
            || parts.dropFirst().contains { endings.contains($0) }
    }
}
