import FactoryCore

/// The configured checks on one tree.
struct CheckRun {
    /// What goes back to the implementer: failing lines and the end of the log.
    static let failureArtifact = "failures.txt"

    /// The most that is kept of one check's artifacts.
    private static let artifactBounds = CopyBounds(files: 100, bytes: 50 << 20)

    let shift: Shift
    let tree: TreeID
    /// The commit of the main branch that the tree is compared with.
    let main: CommitID
    /// The tree whose paths choose the checks, where it is another.
    var chosenBy: TreeID?
    var logs: LogPlaces

    init(shift: Shift, tree: TreeID, main: CommitID) {
        self.shift = shift
        self.tree = tree
        self.main = main
        logs = shift.logs
    }

    /// How the checks ended.
    struct Report {
        var outcome: Outcome
        var results: [CheckResult] = []
        var artifacts: [Artifact] = []
        var summary = ""
    }

    func perform() async throws -> Report {
        let lane = try await shift.acquireLane()
        do {
            let report = try await perform(in: lane)
            try await lane.reset()
            await shift.ports.workshop.release(lane)
            return report
        } catch {
            await shift.ports.workshop.release(lane)
            throw error
        }
    }

    private func perform(in lane: any Lane) async throws -> Report {
        try await SetupRun(shift: shift, lane: lane).warmCaches()
        try await lane.show(Layout(tree: tree, head: shift.start.head, main: main))
        try await lane.loadCaches()
        if let failure = try await SetupRun(shift: shift, lane: lane).perform(logs) { return Report(outcome: failure) }
        var report = Report(outcome: .green)
        var isUsed = !shift.floor.configuration.setup.isEmpty
        for check in try await due() {
            // What a step before has rewritten is not what would land.
            if isUsed { try await lane.tidy(leaving: .all) }
            isUsed = true
            let ended = await run(check, in: lane)
            switch ended.ending {
            case .exited(let code): note(check, exit: code, ended, in: &report)
            case .timedOut: note(check, exit: nil, ended, in: &report)
            case .cancelled: return Report(outcome: .stopped(at: shift.ports.clock.now()))
            case .failed(let problem): return Report(outcome: .failed(.host, "\(check.name): \(problem)"))
            }
            try await keepArtifacts(of: check, in: lane)
        }
        return report
    }

    /// Keeps what the check left for people, green or red, beside its log.
    private func keepArtifacts(of check: Check, in lane: any Lane) async throws {
        guard !check.artifacts.isEmpty else { return }
        let bounds = Self.artifactBounds
        let directory = "\(logs.folder)/artifacts/\(check.name)"
        let copied = try await lane.copyOut(check.artifacts, to: directory, within: bounds)
        guard copied.leftOut > 0 else { return }
        let kept = "\(copied.files) files of \(copied.bytes) bytes are kept"
        let most = "at most \(bounds.files) files and \(bounds.bytes >> 20) MiB are, and only what can be read"
        await shift.ports.commands.remark(
            "\(copied.leftOut) artifacts were left out; \(kept), \(most)", in: logs.check(check.name))
    }

    /// The checks whose paths the change touches. A change that touches none of them gets them all: not to be tested
    /// is not to be green.
    private func due() async throws -> [Check] {
        let checks = shift.floor.configuration.checks
        guard checks.contains(where: { $0.paths != [Glob("**")] }) else { return checks }
        let paths = try await shift.ports.hub.outline(from: shift.ports.hub.tree(of: main), to: chosenBy ?? tree)
            .paths
        let due = checks.filter { check in paths.contains { path in check.paths.contains { $0.matches(path) } } }
        return due.isEmpty ? checks : due
    }

    private func run(_ check: Check, in lane: any Lane) async -> CommandReport {
        await shift.ports.commands.run(
            CommandJob(
                check, in: lane, marker: shift.start.token, log: logs.check(check.name),
                sandbox: shift.floor.configuration.sandbox))
    }

    private func note(_ check: Check, exit: Int?, _ ended: CommandReport, in report: inout Report) {
        let result = CheckResult(name: check.name, exit: exit, seconds: ended.seconds)
        report.results.append(result)
        guard !result.isGreen else { return }
        let how = exit.map { "exited with \($0)" } ?? "ran into its limit of \(Int(check.timeout)) s"
        let excerpt = ended.excerpt
        let text = "Check \(check.name) (\(check.run)) \(how).\n\n\(excerpt)\n"
        report.outcome = .red
        report.summary += (report.summary.isEmpty ? "" : "; ") + "\(check.name) \(how)"
        let earlier = report.artifacts.first?.bytes ?? []
        report.artifacts = [Artifact(name: Self.failureArtifact, bytes: earlier + Array(text.utf8))]
    }
}

extension CommandJob {
    /// The job of running a check in a lane.
    init(_ check: Check, in lane: any Lane, marker: String, log: String, sandbox: SandboxSetting) {
        let directory = check.directory == "." ? lane.directory : "\(lane.directory)/\(check.directory)"
        self.init(
            run: check.run, lane: lane.directory, directory: directory, timeout: check.timeout,
            environment: check.environment, marker: marker, log: log, sandbox: sandbox, reach: sandbox.reachOfChecks)
    }
}
