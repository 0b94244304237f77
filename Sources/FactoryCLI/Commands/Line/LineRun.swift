import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryLine
import FactoryProcess

/// One run of the line from the command line: checks that it can work at all, shows what happens, heeds Ctrl-C.
struct LineRun {
    let context: Context
    let options: Line.Options

    func perform() async throws -> ExitCode {
        let signals = try Signals.terminations()
        let workplace = try Workplace(context)
        // Before anything is read: one of these would be read for ever.
        for file in try await workplace.store.setAsideBrokenObjects() {
            context.output.say("note: an object was cut off, now \(file); `factory verify` says what needs it")
        }
        try await requireWorkable(workplace)
        let progress = Progress(context.output, clock: context.clock)
        let unseen = try await Unseen(store: workplace.store).sentences(thorough: false)
        for sentence in try await drift(workplace) + unseen { context.output.say("note: \(sentence)") }
        for lock in try await workplace.store.clearLeftovers() {
            context.output.say("note: removed \(lock), which a killed program had left")
        }
        let announcements = Announcements()
        let forge = try await workplace.forge(
            announce: { announcements.announce($0) }, warn: { progress.show(.warning($0)) })
        let presence = await presence(workplace, forge) { progress.show(.warning($0)) }
        let upstream: (any UpstreamLink)? = if let forge { forge.mirror } else { try await workplace.upstream() }
        var ports = workplace.ports(upstream: upstream, leases: forge?.leases, observe: { progress.show($0) })
        ports.candidateChecks = forge?.checks(main: await workplace.store.mainBranch)
        let line = Line(
            ports, executor: workplace.store.executor, options: options,
            ticks: try workplace.ticks(every: forge?.setting.poll),
            intake: workplace.intake(from: forge, shownBy: presence) { progress.show(.warning($0)) })
        let interrupted = Interruption()
        let watcher = Task {
            for await _ in signals {
                progress.show(.warning("stopping: no more work is taken on, running sessions are ended"))
                interrupted.note()
                line.stop()
            }
        }
        let ticker = Task { await progress.keepShowing() }
        defer {
            watcher.cancel()
            ticker.cancel()
            progress.end()
        }
        do {
            try await begin(presence, forge, announcements)
            try await line.run()
        } catch {
            await presence?.end(inHurry: true)
            await forge?.end()
            throw error
        }
        await presence?.end(inHurry: interrupted.happened)
        await forge?.end()
        progress.end()
        return try await close(line, workplace, interrupted.happened)
    }

    /// What shows the line on GitHub while it runs.
    private func presence(
        _ workplace: Workplace, _ forge: GitHubForge?, _ warn: @escaping @Sendable (String) -> Void
    ) async -> GitHubPresence? {
        guard let forge else { return nil }
        let home = workplace.home
        return forge.presence(
            with: GitHubPresence.Means(
                intake: workplace.pickUp, main: await workplace.store.mainBranch, report: report(workplace),
                didRecord: { _ in home.ring() }, warn: warn))
    }

    /// What the issue on GitHub says of the last day.
    private func report(_ workplace: Workplace) -> DailyReport.Source {
        let clock = context.clock
        return DailyReport.Source(today: { LocalTime(clock).today }) {
            let time = LocalTime(clock)
            let board = try await Board.read(
                workplace.store, presence: Presence(locks: workplace.home.locks), clock: clock, archived: false)
            return try await ReportVerb.morning(board, from: time.now + -86_400, workplace.store, time).markdown
        }
    }

    /// What people have said since the last run counts from its start.
    private func begin(
        _ presence: GitHubPresence?, _ forge: GitHubForge?, _ announcements: Announcements
    ) async throws {
        guard let presence else { return }
        announcements.listen { presence.show($0) }
        do {
            try await forge?.mirror.inHurry().sync()
            try await forge?.clearLeases()
        } catch let error where error.isPassing {
            // The line says it when it tries the same.
        }
        await presence.begin()
    }

    /// What would stop every PR is said once, before anything starts.
    private func requireWorkable(_ workplace: Workplace) async throws {
        let floor = try await workplace.floors.floor(at: workplace.store.mainTip())
        if floor.configuration.sandbox.kind == .none { context.output.say("warning: \(SandboxWarning.what)") }
        for fault in floor.configuration.quarantineFaults(on: Day(context.clock.now())) {
            context.output.say("warning: \(fault)")
        }
        if let obstacle = try await Obstacles(workplace: workplace, floor: floor).list().first {
            throw CommandFailure("\(obstacle.what): \(obstacle.fix)")
        }
        try await requireStrictness(workplace, floor)
    }

    /// GitHub may squash only where it refuses what is not up to date.
    private func requireStrictness(_ workplace: Workplace, _ floor: Floor) async throws {
        guard let setting = floor.configuration.forge, setting.landing == .api else { return }
        let main = await workplace.store.mainBranch
        let forge = try workplace.connection(setting)
        let isStrict: Bool
        do { isStrict = try await forge.isStrict(main: main) } catch {
            await forge.end()
            throw error
        }
        await forge.end()
        guard isStrict else {
            throw CommandFailure("\(LandingWays.lackOfStrictness(main)): \(LandingWays.strictness)")
        }
    }

    /// Between nights the stores are tidied up. Failing at it loses nothing, so it is only told.
    private func maintain(_ workplace: Workplace) async throws {
        let now = context.clock.now()
        do {
            let commands = try await workplace.store.maintain(archivingBefore: now + -PullRequest.archiveAge, at: now)
            guard !commands.isEmpty else { return }
            let git = GitProgram(
                runner: workplace.runner, environment: context.environment, directory: workplace.home.path)
            for command in commands { try await git.run(command.arguments) }
            try await workplace.store.restoreAfterRepack()
        } catch {
            context.output.say("note: the stores could not be tidied up: \(error)")
        }
    }

    private func drift(_ workplace: Workplace) async throws -> [String] {
        try await Drift(checkout: context.checkout(), store: workplace.store).sentences()
    }

    private func close(_ line: Line, _ workplace: Workplace, _ interrupted: Bool) async throws -> ExitCode {
        let (open, landed) = (await line.open, await line.landedCount)
        try await maintain(workplace)
        let parked = open.filter { $0.state == .needsAttention }
        let shadowed = parked.filter { $0.reason?.kind == .shadow }.count
        context.output.print(
            "\(landed) landed, " + (shadowed > 0 ? "\(shadowed) would have landed, " : "")
                + "\(parked.count - shadowed) need you, \(open.count - parked.count) still open"
                + (parked.first.map { "   (factory why \($0.number.value))" } ?? ""))
        if interrupted { return .interrupted }
        let standing = await line.standing
        if standing.isStopped {
            let view = StandingView(
                standing: standing, time: LocalTime(context.clock), mainBranch: await workplace.store.mainBranch)
            context.output.print(view.text)
            return .needsPerson
        }
        if let spent = await line.nightSpent {
            let next = NightSpend.next(spent.until, LocalTime(context.clock))
            context.output.print("\(spent.shortage.text); \(next)")
            return .needsPerson
        }
        if !parked.isEmpty { return .needsPerson }
        return open.isEmpty ? .ok : .pending
    }
}
