import FactoryCore

/// Implementation: changes anything but the plan, the spec and what is protected.
struct Implementer: Station {
    func work(_ shift: Shift) async throws -> StageResult {
        let (plan, spec) = (shift.pr.planPath, shift.pr.specPath)
        let conflict = Set(shift.conflict)
        let undecided = try await undecided(shift)
        let station = WriterStation(
            shift: shift, role: .implementer,
            mayChange: { $0.path != plan && $0.path != spec },
            objection: { inspection, _ in
                let left = inspection.change.files.filter { conflict.contains($0.path) && $0.hasMarkers }
                let untouched = undecided.subtracting(inspection.change.paths)
                guard let path = left.first?.path ?? untouched.min() else { return nil }
                return "the conflict in \(path) is not resolved"
            })
        return try await station.work()
    }

    /// The paths in conflict that nobody may leave as they are: those with marks, and those that no text can be made of,
    /// where the work gave way to the main branch. What one side removed and the other changed or moved is there as it
    /// was changed, and may stay so.
    private func undecided(_ shift: Shift) async throws -> Set<RepoPath> {
        var paths: Set<RepoPath> = []
        for path in shift.conflict {
            guard let content = try await shift.ports.hub.file(path, in: shift.plain, limit: .max) else { continue }
            let version = FileVersion(mode: .file, blob: BlobID(""), size: content.count, content: content)
            if version.isBinary || version.hasMarkers { paths.insert(path) }
        }
        return paths
    }
}

extension FileChange {
    /// Whether conflict markers are left in the new version.
    fileprivate var hasMarkers: Bool { after?.hasMarkers ?? false }
}

extension FileVersion {
    fileprivate var hasMarkers: Bool {
        lines?.contains { $0.hasPrefix("<<<<<<< ") || $0.hasPrefix(">>>>>>> ") } ?? false
    }
}
