import FactoryCore

/// All that must be green on a candidate, by `forge: { checks: … }`: the line's own checks, then the repository's.
struct GateRun {
    let shift: Shift
    let tree: TreeID
    /// The commit of the main branch that the tree is compared with.
    let main: CommitID

    func perform() async throws -> CheckRun.Report {
        guard let forge = shift.floor.configuration.forge, forge.gate != .line else { return try await own() }
        var report = forge.gate == .both ? try await own() : CheckRun.Report(outcome: .green)
        guard report.outcome == .green else { return report }
        guard let checks = shift.ports.candidateChecks else {
            report.outcome = .failed(
                .noVerdict, "`checks: \(forge.gate.rawValue)` needs GitHub, which is not connected")
            return report
        }
        let found = try await checks.judge(
            shift.pr.number, candidate: candidate(), required: forge.required, wait: forge.wait)
        report.results += found.results
        report.summary = [report.summary, found.summary].filter { !$0.isEmpty }.joined(separator: "; ")
        report.outcome = outcome(found)
        if report.outcome == .red {
            report.artifacts.append(Artifact(name: CheckRun.failureArtifact, bytes: Array(found.evidence.utf8)))
        }
        return report
    }

    private func own() async throws -> CheckRun.Report {
        try await CheckRun(shift: shift, tree: tree, main: main).perform().heldAgainst(main: main, shift.ports)
    }

    /// The candidate as a commit. The same tree on the same main branch is the same commit, so that nothing is tested
    /// twice after a restart.
    private func candidate() async throws -> CommitID {
        try await shift.ports.hub.commit(
            CommitDraft(
                tree: tree, parents: [main], author: shift.pr.author, message: "Candidate of \(shift.pr.number)\n",
                time: shift.pr.openedAt))
    }

    private func outcome(_ found: CandidateReport) -> Outcome {
        switch found.verdict {
        case .green: .green
        case .red: .red
        case .silent: .failed(.noVerdict, found.summary)
        case .later(let deferral): .deferred(deferral)
        case .stopped: .stopped(at: shift.ports.clock.now())
        }
    }
}
