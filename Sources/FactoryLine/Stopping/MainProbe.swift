import FactoryCore

/// Runs the checks on the main branch's own tree, and stops the line when they are red twice: what is red there is
/// nobody's fault on the line, and must be mended once, by one.
struct MainProbe {
    let ports: LinePorts

    enum Answer {
        case green
        case red(Standing.Probe)
        /// Another process is at it.
        case busy
        /// The line was told to end.
        case cancelled
    }

    /// Whoever probes holds the lease that no PR can have.
    private static let lease = PRNumber(0)

    /// Finds out about a commit of the main branch, unless it is known by now; `anew`: unless it is known to be green.
    func ask(_ commit: CommitID, anew: Bool = false) async throws -> Answer {
        guard let lease = try await ports.leases.take(Self.lease) else { return .busy }
        defer { lease.release() }
        switch try await MainBranch(ports: ports).knowledge(of: commit) {
        case .green, .accepted: return .green
        case .red(let probe) where !anew:
            try await stop(for: probe)
            return .red(probe)
        case .red, .unknown: return try await run(on: commit)
        }
    }

    private func run(on commit: CommitID) async throws -> Answer {
        ports.observe(.warning("nobody has tested \(commit.short), the main branch's tip: its checks run now"))
        let floor = try await ports.floors.floor(at: commit)
        let tree = try await ports.hub.tree(of: commit)
        let number = try await ports.standing.standing().standing.probes + 1
        var (runs, last) = (0, CheckRun.Report(outcome: .red))
        // What is red is asked twice by the run itself; what could not be run at all is tried once more here.
        while runs == 0 || runs == 1 && last.outcome.couldNotRun {
            runs += 1
            let shift = Shift.ofLine(
                on: commit, tree: tree, floor: floor, ports: ports, token: Self.token(number),
                folder: "\(ports.folder)/main/probe-\(number)" + (runs == 1 ? "" : "-again"))
            last = try await CheckRun(shift: shift, tree: tree, main: commit).perform()
        }
        guard last.outcome == .green || last.outcome.meansRed else { return .cancelled }
        let probe = Standing.Probe(
            commit: commit, tree: tree, floor: floor.version, isGreen: last.outcome == .green, checks: last.results,
            runs: runs + (last.results.contains { $0.first != nil } ? 1 : 0), summary: last.saying)
        try await ports.standing.append(artifacts: last.artifacts) { _ in
            StandingEvent(.probed(probe), at: ports.clock.now())
        }
        guard !probe.isGreen else { return .green }
        try await stop(for: probe, artifacts: last.artifacts)
        return .red(probe)
    }

    /// Stops the line, if the red commit still is the main branch's tip.
    func stop(for probe: Standing.Probe, artifacts: [Artifact] = []) async throws {
        guard try await ports.hub.mainTip() == probe.commit else { return }
        let number = try await ports.standing.standing().standing.probes
        var evidence = probe.checks.filter { !$0.passes }.map { check in
            let how = check.exit.map { "exited with \($0)" } ?? "ran into its time limit"
            let log = "\(ports.folder)/main/probe-\(number)/\(check.name).log"
            return Violation(rule: check.name, message: "\(how) on the main branch itself; its log is \(log)")
        }
        if evidence.isEmpty { evidence = [Violation(rule: "checks", message: probe.summary)] }
        let stop = Standing.Stop(
            .mainRed, "the main branch is red on its own at \(probe.commit.short)", evidence: evidence,
            at: ports.clock.now())
        try await ports.stop(stop, artifacts: artifacts)
    }

    /// Marks the processes: unguessable, so that nobody else's is taken for one of them.
    private static func token(_ number: Int) -> String {
        "0-probe-\(number)-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}

extension LinePorts {
    /// Stops the line for everybody, and says so. What stopped it before for the same reason stays.
    func stop(_ stop: Standing.Stop, artifacts: [Artifact] = []) async throws {
        var isNews = false
        try await standing.append(artifacts: artifacts) { standing in
            isNews = !standing.stops.contains { $0.kind == stop.kind }
            return isNews ? StandingEvent(.stopped(stop), at: stop.at, by: stop.by) : nil
        }
    }

    /// Whether the line was stopped, by whomever.
    func isStopped() async throws -> Bool { try await standing.standing().standing.isStopped }
}

extension Shift {
    /// The line's own turn at the checks, for nobody's PR.
    static func ofLine(
        on commit: CommitID, tree: TreeID, floor: Floor, ports: LinePorts, for number: PRNumber = PRNumber(0),
        token: String, folder: String
    ) -> Shift {
        let opening = Opening(
            specPath: RepoPath("specs/0000-main.md"), title: "the main branch", author: .factory, head: commit,
            base: commit)
        let start = Start(
            stage: .implementationCI, attempt: 1, token: token, head: commit, base: commit, floor: commit)
        var shift = Shift(
            tip: Tip(id: commit, pr: PullRequest(opening, number: number, at: ports.clock.now())), start: start,
            floor: floor, ports: ports, conflict: [], plain: tree, tree: tree)
        shift.place = folder
        return shift
    }
}

extension Outcome {
    /// Whether the checks could not be run.
    fileprivate var couldNotRun: Bool { if case .failed = self { true } else { false } }

    /// Whether checks that ended so have found the tree to be bad. A tree on which they cannot be run is: it lacks a
    /// check's directory, say, or it cannot be set up.
    var meansRed: Bool {
        switch self {
        case .red, .failed: true
        case .delivered, .approved, .green, .changesRequested, .conflict, .redCandidate, .deferred,
            .interrupted, .lostSwap, .alreadyContained, .baseLost, .question, .blocked, .guardTripped, .budgetSpent,
            .approvalNeeded, .wouldLand, .landed, .redHoldouts:
            false
        }
    }
}

extension CheckRun.Report {
    /// What was red, in a line.
    var saying: String {
        if case .failed(_, let message) = outcome { return String(message.prefix { !$0.isNewline }) }
        return summary
    }
}
