import FactoryCore

/// Implementation: changes anything but the plan, the spec and what is protected.
struct Implementer: Station {
    func work(_ shift: Shift) async throws -> StageResult {
        let (plan, spec) = (shift.pr.planPath, shift.pr.specPath)
        let conflict = Set(shift.conflict)
        let station = WriterStation(
            shift: shift, role: .implementer,
            mayChange: { $0.path != plan && $0.path != spec },
            objection: { inspection, _ in
                let left = inspection.change.files.filter { conflict.contains($0.path) && $0.hasMarkers }
                let untouched = conflict.subtracting(inspection.change.paths)
                guard let path = left.first?.path ?? untouched.min() else { return nil }
                return "the conflict in \(path) is not resolved"
            })
        return try await station.work()
    }
}

extension FileChange {
    /// Whether conflict markers are left in the new version.
    fileprivate var hasMarkers: Bool {
        after?.lines?.contains { $0.hasPrefix("<<<<<<< ") || $0.hasPrefix(">>>>>>> ") } ?? false
    }
}
