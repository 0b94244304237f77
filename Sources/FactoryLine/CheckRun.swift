import FactoryCore

/// Checks on one tree, in a lane of their own.
struct CheckRun {
    /// What goes back to the implementer: failing lines and the end of the log.
    static let failureArtifact = "failures.txt"

    /// The most that is kept of one check's artifacts.
    private static let artifactBounds = CopyBounds(files: 100, bytes: 50 << 20)

    let shift: Shift
    let tree: TreeID
    /// The commit of the main branch that the tree is compared with.
    let main: CommitID
    /// The checks to run; nil: those of the floor that the change asks for.
    var checks: [Check]?
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

    /// One check and what came of it so far.
    private struct Answer {
        let check: Check
        var result: CheckResult
        /// What a person would look at first.
        var excerpt: String

        /// How it ended, as half a sentence.
        var ending: String {
            result.exit.map { "exited with \($0)" } ?? "ran into its limit of \(Int(check.timeout)) s"
        }

        /// What the implementer is told.
        var text: String {
            let before = result.first == nil ? "" : " It was red twice on this tree."
            return "Check \(check.name) (\(check.run)) \(ending).\(before)\n\n\(excerpt)\n"
        }
    }

    /// Runs the checks, and what was red of them once more. Waits for a slot, unless the shift has one.
    func perform() async throws -> Report {
        guard let slots = shift.slots else { return try await performInLane() }
        let limit = shift.floor.configuration.checkRunsAtOnce
        return try await slots.pass(limit: limit) { try await performInLane() }
            ?? Report(outcome: .stopped(at: shift.ports.clock.now()))
    }

    private func performInLane() async throws -> Report {
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
        let due = if let checks { checks } else { try await self.due() }
        let today = Day(shift.ports.clock.now())
        var answers: [Answer] = []
        if let stop = try await pass(due, in: lane, logs: logs, { answers.append($0) }) {
            return Report(outcome: stop)
        }
        for index in answers.indices {
            answers[index].result.quarantine =
                shift.floor.configuration.quarantine(of: answers[index].check.name, on: today)
        }
        // The limit of one that ran out of time is not paid twice.
        let doubtful = answers.filter { !$0.result.passes && $0.result.exit != nil }.map(\.check)
        if !doubtful.isEmpty, let stop = try await again(doubtful, in: lane, &answers) { return Report(outcome: stop) }
        return report(answers)
    }

    /// Asks once more, in a lane made ready anew.
    private func again(_ checks: [Check], in lane: any Lane, _ answers: inout [Answer]) async throws -> Outcome? {
        var second: [Answer] = []
        try await lane.reset()
        if let stop = try await pass(checks, in: lane, logs: logs.again, { second.append($0) }) { return stop }
        for answer in second {
            guard let index = answers.firstIndex(where: { $0.check.name == answer.check.name }) else { continue }
            let first = answers[index].result
            answers[index].excerpt = answer.excerpt
            answers[index].result.exit = answer.result.exit
            answers[index].result.seconds = answer.result.seconds
            answers[index].result.first = CheckResult.Run(exit: first.exit, seconds: first.seconds)
            let words = answers[index].result.isFlaky ? "it is green, so the check is flaky" : "it is red again"
            await shift.ports.commands.remark(
                "run once more on the same tree, in a fresh lane: \(words)",
                in: logs.again.check(answer.check.name))
        }
        return nil
    }

    /// Lays out the tree, makes it ready and runs the checks in their order. Gives the outcome that ends it early.
    private func pass(
        _ checks: [Check], in lane: any Lane, logs: LogPlaces, _ take: (Answer) -> Void
    ) async throws -> Outcome? {
        try await lane.show(Layout(tree: tree, head: shift.start.head, main: main))
        try await lane.loadCaches()
        if let failure = try await SetupRun(shift: shift, lane: lane).perform(logs) { return failure }
        var isUsed = !shift.floor.configuration.setup.isEmpty
        for check in checks {
            // What a step before has rewritten is not what would land.
            if isUsed { try await lane.tidy(leaving: .all) }
            isUsed = true
            let ended = await shift.ports.commands.run(
                CommandJob(
                    check, in: lane, marker: shift.start.token, log: logs.check(check.name),
                    sandbox: shift.floor.configuration.sandbox))
            let exit: Int?
            switch ended.ending {
            case .exited(let code): exit = code
            case .timedOut: exit = nil
            case .cancelled: return .stopped(at: shift.ports.clock.now())
            case .failed(let problem): return .failed(.host, "\(check.name): \(problem)")
            }
            take(
                Answer(
                    check: check, result: CheckResult(name: check.name, exit: exit, seconds: ended.seconds),
                    excerpt: ended.excerpt))
            try await keepArtifacts(of: check, in: lane, logs)
        }
        return nil
    }

    /// Keeps what the check left for people, green or red, beside its log.
    private func keepArtifacts(of check: Check, in lane: any Lane, _ logs: LogPlaces) async throws {
        guard !check.artifacts.isEmpty else { return }
        let bounds = Self.artifactBounds
        let copied = try await lane.copyOut(check.artifacts, to: logs.artifacts(of: check.name), within: bounds)
        guard copied.leftOut > 0 else { return }
        let kept = "\(copied.files) files of \(copied.bytes) bytes are kept"
        let most = "at most \(bounds.files) files and \(bounds.bytes >> 20) MiB are, and only what can be read"
        await shift.ports.commands.remark(
            "\(copied.leftOut) artifacts were left out; \(kept), \(most)", in: logs.check(check.name))
    }

    /// The checks whose paths the change touches. A change that touches none of those that count gets them all: not to be
    /// tested is not to be green.
    private func due() async throws -> [Check] {
        let checks = shift.floor.configuration.checks
        guard checks.contains(where: { $0.paths != [Glob("**")] }) else { return checks }
        let paths = try await shift.ports.hub.outline(from: shift.ports.hub.tree(of: main), to: chosenBy ?? tree)
            .paths
        let due = checks.filter { check in paths.contains { path in check.paths.contains { $0.matches(path) } } }
        let today = Day(shift.ports.clock.now())
        let counts = due.contains { shift.floor.configuration.quarantine(of: $0.name, on: today) == nil }
        return counts ? due : checks
    }

    private func report(_ answers: [Answer]) -> Report {
        let red = answers.filter { !$0.result.passes }
        var report = Report(outcome: red.isEmpty ? .green : .red, results: answers.map(\.result))
        report.summary = red.map { "\($0.check.name) \($0.ending)" }.joined(separator: "; ")
        let text = red.map(\.text).joined()
        if !red.isEmpty { report.artifacts = [Artifact(name: Self.failureArtifact, bytes: Array(text.utf8))] }
        return report
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
