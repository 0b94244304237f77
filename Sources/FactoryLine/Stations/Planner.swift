import FactoryCore

/// Plan: writes the plan beside the spec, and new decision records. Nothing else.
struct Planner: Station {
    func work(_ shift: Shift) async throws -> StageResult {
        let plan = shift.pr.planPath
        let records = Glob("docs/decisions/**")
        let station = WriterStation(
            shift: shift, role: .planner,
            mayChange: { file in file.path == plan || (file.before == nil && records.matches(file.path)) },
            objection: { inspection, _ in
                let written = inspection.change.files.first { $0.path == plan }?.after
                guard let written else { return "the planner wrote no plan at \(plan)" }
                return written.size == 0 ? "the plan at \(plan) is empty" : nil
            })
        var result = try await station.work()
        if let head = result.head, result.outcome == .delivered {
            let text = try await shift.ports.hub.file(plan, in: shift.ports.hub.tree(of: head), limit: 1 << 20)
            result.plannedFiles = text.map { PlannedFiles.named(in: $0) }
        }
        return result
    }
}
