import FactoryCore

extension CheckRun.Report {
    /// The report as it may be held against a PR: what is red on the main branch without it is not its doing. Then the
    /// stage is put off, and the line has been stopped by whoever found out.
    ///
    /// `main` is the commit that the tree was joined with.
    func heldAgainst(main: CommitID, _ ports: LinePorts) async throws -> CheckRun.Report {
        guard outcome.meansRed else { return self }
        while !Task.isCancelled {
            switch try await MainBranch(ports: ports).knowledge(of: main) {
            case .green, .accepted: return self
            case .red(let probe):
                try await MainProbe(ports: ports).stop(for: probe)
                return excused(ports, main)
            case .unknown: break
            }
            switch try await MainProbe(ports: ports).ask(main) {
            case .green: return self
            case .red: return excused(ports, main)
            case .busy: await ports.clock.sleep(seconds: 0.5)
            case .cancelled: break
            }
        }
        return CheckRun.Report(outcome: .stopped(at: ports.clock.now()))
    }

    private func excused(_ ports: LinePorts, _ main: CommitID) -> CheckRun.Report {
        let why = "the main branch is red on its own at \(main.short): nothing is held against this pull request"
        var report = CheckRun.Report(outcome: .stopped(at: ports.clock.now(), because: why))
        report.summary = why
        return report
    }
}
