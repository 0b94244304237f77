import FactoryCore

/// Whether work may begin on a commit of the main branch.
struct LineGate {
    let ports: LinePorts

    enum Answer {
        case good(CommitID)
        /// Red, and the line stopped; or not known yet.
        case notYet
    }

    /// Whether that is known without running anything.
    func knowsGood(_ commit: CommitID) async throws -> Bool {
        switch try await MainBranch(ports: ports).knowledge(of: commit) {
        case .green, .accepted: true
        case .red, .unknown: false
        }
    }

    /// Finds out. While another process does, this one waits for a moment.
    func look(at commit: CommitID) async throws -> Answer {
        switch try await MainProbe(ports: ports).ask(commit) {
        case .green: return .good(commit)
        case .red, .cancelled: return .notYet
        case .busy:
            await ports.clock.sleep(seconds: 0.5)
            return .notYet
        }
    }
}
