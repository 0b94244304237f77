package import FactoryCore

/// The checks of a repository on GitHub. A candidate is shown as the branch `factory/candidate-N`, for which workflows
/// run as for every push, and asked for until all has been said that must be.
package struct GitHubChecks: CandidateChecks {
    /// Times in seconds.
    package struct Times: Sendable {
        /// Between the first two looks; each further one takes twice as long, up to `slowest`.
        package var first = 5.0
        package var slowest = 60.0
        /// How long all must have stood the same, where no check is required by name and one could still come.
        package var quiet = 30.0
        package init() {}
    }

    private let client: GitHubClient
    private let remote: RemoteGit
    private let main: String
    private let clock: any WallClock
    private let times: Times

    /// `remote` is git in the hub; `main` is the name of the main branch.
    package init(
        client: GitHubClient, remote: RemoteGit, main: String, clock: any WallClock, times: Times = Times()
    ) {
        self.client = client
        self.remote = remote
        self.main = main
        self.clock = clock
        self.times = times
    }

    package static let branches = "refs/heads/factory/candidate-"

    package func judge(
        _ number: PRNumber, candidate: CommitID, required: [String], wait: Double
    ) async throws -> CandidateReport {
        do {
            try await show(candidate, of: number)
            let names = try await requirements().union(required.map { RequiredCheck(name: $0) })
            return try await ask(about: candidate, CheckJudge(required: names), until: clock.now() + wait)
        } catch let error as GitHubError {
            guard let deferral = error.deferral(now: clock.now()) else { throw error }
            return CandidateReport(.later(deferral))
        }
    }

    package func retire(_ ended: Set<PRNumber>) async throws {
        guard !ended.isEmpty else { return }
        let there = try await remote.list([Self.branches + "*"])
        for number in ended.sorted() {
            let branch = Self.branches + "\(number.value)"
            guard let commit = there[branch] else { continue }
            switch try await remote.remove(branch, at: commit, where: { _ in true }) {
            case .done: continue
            case .refused(let reason): throw ForgeError.refusedByRemote(branch, reason)
            case .stale: throw ForgeError.refusedByRemote(branch, Self.moving)
            }
        }
    }

    private static let moving = "it keeps moving, so somebody else pushes to it"

    /// Puts the candidate onto its branch, in place of an earlier one. Where it stands there already, what has been said
    /// of it counts.
    private func show(_ candidate: CommitID, of number: PRNumber) async throws {
        let branch = Self.branches + "\(number.value)"
        for _ in 0..<3 {
            let there = try await remote.list([branch])[branch]
            if there == candidate { return }
            switch try await remote.push([.init(branch, from: there, to: candidate)]) {
            case .done: return
            case .refused(let reason): throw ForgeError.refusedByRemote(branch, reason)
            case .stale: continue
            }
        }
        throw ForgeError.refusedByRemote(branch, Self.moving)
    }

    /// What the main branch's rules require.
    private func requirements() async throws(GitHubError) -> Set<RequiredCheck> {
        let branch = PercentCoding.segment(main)
        var found = RequiredCheck.inRules(try await client.readAll(client.place.path + "/rules/branches/\(branch)"))
        // The branch itself tells every reader of its protection; details are for administrators.
        let protection = try await client.read(client.place.path + "/branches/\(branch)")["protection"]
        found += protection.map(RequiredCheck.inProtection) ?? []
        return Set(found)
    }

    // MARK: Asking

    /// What is known while one asks.
    private struct Course {
        var judge: CheckJudge
        let deadline: Timestamp
        var pause: Double
        /// Runs that were started again, and sentences on how that went.
        var again: Set<Int> = []
        var notes: [String] = []
        /// Checks that were not green at first.
        var first: [ReportedCheck] = []
        /// Since when all is green and the same.
        var quiet: (since: Timestamp, checks: [ReportedCheck])?
    }

    private func ask(about candidate: CommitID, _ judge: CheckJudge, until deadline: Timestamp) async throws
        -> CandidateReport
    {
        var course = Course(judge: judge, deadline: deadline, pause: times.first)
        while !Task.isCancelled {
            let reported = try await look(at: candidate)
            let checks = course.judge.relevant(reported)
            var waiting: [String] = []
            switch course.judge.step(reported) {
            case .green:
                guard !isQuiet(checks, &course) else { return Self.green(checks, course) }
                waiting = ["another check may still be reported"]
            case .notGreen(let bad):
                waiting = Self.unfinished(bad, among: reported)
                if waiting.isEmpty {
                    guard try await runAgain(bad, &course) else { return Self.end(checks, course) }
                    continue
                }
            case .wait(let whom): waiting = whom
            }
            guard clock.now() < deadline else { return Self.late(checks, waiting, course) }
            await clock.sleep(seconds: max(0.01, min(course.pause, deadline - clock.now())))
            course.pause = min(course.pause * 2, times.slowest)
        }
        return CandidateReport(.stopped)
    }

    private func look(at candidate: CommitID) async throws(GitHubError) -> ReportedChecks {
        let commit = client.place.path + "/commits/\(candidate.hex)"
        let runs = try await client.readAll(commit + "/check-runs", [("filter", "latest")], member: "check_runs")
        let statuses = try await client.readAll(commit + "/status", member: "statuses")
        let suites = try await client.readAll(commit + "/check-suites", member: "check_suites")
        var reported = ReportedChecks(
            checks: ReportedCheck.newest(runs.compactMap { ReportedCheck(run: $0) })
                + statuses.compactMap { ReportedCheck(status: $0) })
        reported.read(suites: suites)
        return reported
    }

    /// Where no name is required, nobody knows whether more is to come: then all must stand still for a while.
    private func isQuiet(_ checks: [ReportedCheck], _ course: inout Course) -> Bool {
        guard course.judge.required.isEmpty else { return true }
        if let quiet = course.quiet, quiet.checks == checks { return clock.now() - quiet.since >= times.quiet }
        course.quiet = (clock.now(), checks)
        return times.quiet <= 0
    }

    /// Jobs that keep the runs of these checks from being started again.
    private static func unfinished(_ bad: [ReportedCheck], among reported: ReportedChecks) -> [String] {
        let runs = Set(bad.compactMap(\.run))
        return reported.checks.filter { $0.isPending && $0.run.map(runs.contains) == true }
            .map { "`\($0.name)` has not ended" }
    }

    /// Starts the failed jobs of GitHub Actions once more. False: that was done, or cannot be.
    private func runAgain(_ bad: [ReportedCheck], _ course: inout Course) async throws(GitHubError) -> Bool {
        if course.first.isEmpty { course.first = bad }
        let new = Set(bad.compactMap(\.run)).subtracting(course.again)
        var started = false
        for run in new.sorted() {
            course.again.insert(run)
            do throws(GitHubError) {
                try await startAgain(run)
                course.judge.superseded.formUnion(bad.filter { $0.run == run }.map(\.id))
                started = true
            } catch {
                if error.passes { throw error }
                course.notes.append("the failed jobs could not be run again: \(error)")
            }
        }
        return started
    }

    /// Asked for twice it is refused, so a lost answer is looked for: as a further attempt of the run.
    private func startAgain(_ run: Int) async throws(GitHubError) {
        let path = client.place.path + "/actions/runs/\(run)"
        let attempt = try await client.read(path)["run_attempt"]?.int ?? 1
        try await client.write("POST", path + "/rerun-failed-jobs") { () throws(GitHubError) in
            try await client.read(path)["run_attempt"]?.int ?? 1 > attempt ? .object([:]) : nil
        }
    }

    // MARK: Ends

    private static func green(_ checks: [ReportedCheck], _ course: Course) -> CandidateReport {
        let flaky = course.first.map {
            "\(CandidateReport.name($0)) ended with \($0.word) at first, and with success when it was run again"
        }
        return CandidateReport(
            .green, checks, first: course.first, note: (flaky + course.notes).joined(separator: "; "))
    }

    private static func end(_ checks: [ReportedCheck], _ course: Course) -> CandidateReport {
        let verdict: CandidateReport.Verdict = checks.contains(where: \.isRed) ? .red : .silent
        let again = course.judge.superseded.isEmpty ? [] : ["failed jobs were run twice"]
        return CandidateReport(
            verdict, checks, first: course.first, note: (again + course.notes).joined(separator: "; "))
    }

    /// Time is up. What is red by then is red.
    private static func late(_ checks: [ReportedCheck], _ waiting: [String], _ course: Course) -> CandidateReport {
        let note = "GitHub has not said all in time: " + waiting.prefix(20).joined(separator: ", ")
        return CandidateReport(checks.contains(where: \.isRed) ? .red : .silent, checks, note: note)
    }
}

extension GitHubError {
    /// Until when it is worth waiting; nil when waiting does not help.
    func deferral(now: Timestamp) -> Deferral? {
        switch self {
        case .limited(let until): Deferral(kind: .rateLimit, until: until, message: description)
        case .unreachable: Deferral(kind: .providerDown, until: now + 300, message: description)
        case .unauthenticated, .forbidden, .notFound, .conflict, .refused, .unexpected, .badKey: nil
        }
    }
}
