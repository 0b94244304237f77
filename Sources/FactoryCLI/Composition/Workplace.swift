import FactoryAgents
import FactoryConfig
import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryKnowledge
import FactoryLine
import FactoryProcess

/// Everything the line works with, put together.
struct Workplace {
    let context: Context
    let home: Home
    let store: GitStore
    let floors: FloorCatalog
    let runner: ProcessRunner
    private let trace: Trace?

    init(_ context: Context) throws {
        self.context = context
        home = try context.home()
        try home.prepare()
        let effects = EffectCounter(environment: context.environment)
        let trace = Trace(environment: context.environment)
        self.trace = trace
        store = try GitStore(
            hub: home.hub, journal: home.journal,
            effect: { name, number in
                if name.hasPrefix("journal") { trace?.note("recorded", pr: number) }
                effects.note(name)
            })
        floors = FloorCatalog(store: store, directory: home.floor)
        runner = try ProcessRunner()
    }

    /// The line's ports; `observe` is told what happens.
    func ports(
        upstream: (any UpstreamLink)?, leases: (any Leases)? = nil, observe: @escaping @Sendable (LineEvent) -> Void
    ) -> LinePorts {
        let started: @Sendable (String) -> Void = { [trace] marker in
            trace?.note("spawned", pr: Int(marker.prefix { $0 != "-" }) ?? 0)
        }
        let fencing = Fencing(
            environment: context.environment, hidden: [home.path],
            shown: [GitWorkshop.historyStore(in: home.lanes)])
        return LinePorts(
            journal: store, ledger: store, standing: store, hub: store, holdouts: store,
            holdoutTable: HoldoutFolder(store: store, directory: home.holdouts),
            workshop: GitWorkshop(directory: home.lanes, hub: home.hub, executor: store.executor),
            agents: CommandAgent(
                runner: runner, environment: context.environment, locks: home.locks, fencing: fencing,
                now: context.clock.now, started: started),
            commands: ShellRunner(
                runner: runner, environment: context.environment, fencing: fencing, started: started),
            prompts: RolePrompts(),
            floors: floors, library: SpecLibrary(), leases: leases ?? FileLeases(directory: home.locks),
            clock: context.clock, upstream: upstream, folder: home.sessions, observe: observe)
    }

    /// The repository on GitHub that is configured, or nil. From here on all that is recorded is published there, and
    /// `announce` is told of each PR with something new, `warn` what was left out; nil: the terminal is.
    ///
    /// Throws `GitHubError` without a token.
    func forge(
        announce: @escaping @Sendable (PRNumber) -> Void = { _ in }, warn: (@Sendable (String) -> Void)? = nil
    ) async throws -> GitHubForge? {
        let floor = try await floors.floor(at: store.mainTip())
        guard let setting = floor.configuration.forge else { return nil }
        let forge = try connection(setting, warn: warn)
        await store.publish(
            by: AnnouncingPublisher(forge.mirror, announce: announce), withArtifacts: setting.sharesArtifacts)
        return forge
    }

    /// A configuration that cannot be read keeps nobody from stopping the line: the next run publishes what it finds.
    private func forgeForCommand() async throws -> GitHubForge? {
        do { return try await forge() } catch let error as GitHubError { throw error } catch {
            return nil
        }
    }

    /// Lets a command record: with a repository on GitHub, what stands there is brought here first, and what is recorded
    /// is published there. Throws `GitHubError` when that is not to be had.
    static func recording<Result>(
        _ context: Context, _ record: (Workplace, GitHubForge?) async throws -> Result
    ) async throws -> Result {
        let workplace = try Workplace(context)
        let forge = try await workplace.forgeForCommand()
        do {
            try await forge?.mirror.sync()
            let result = try await record(workplace, forge)
            await forge?.end()
            return result
        } catch {
            await forge?.end()
            throw error
        }
    }

    /// The way to a repository on GitHub; nothing is published by it. Throws as `forge` does.
    func connection(_ setting: ForgeSetting, warn: (@Sendable (String) -> Void)? = nil) throws -> GitHubForge {
        let say: @Sendable (String) -> Void = { [output = context.output] in output.say("note: \($0)") }
        return try GitHubForge(
            setting,
            with: GitHubForge.Means(
                home: home, store: store, runner: runner, environment: context.environment, clock: context.clock,
                warn: warn ?? say))
    }

    /// The configured upstream, or nil.
    func upstream() async throws -> (any UpstreamLink)? {
        let floor = try await floors.floor(at: store.mainTip())
        guard let setting = floor.configuration.upstream else { return nil }
        guard let clone = Clone.find(from: context.directory),
            let url = try clone.value(of: "remote.\(setting.remote).url")
        else {
            throw CommandFailure(
                "`upstream: { remote: \(setting.remote) }` is configured, but this repository has no such remote: add "
                    + "it with `git remote add \(setting.remote) URL`")
        }
        let root = try await context.checkout().root
        let git = GitProgram(runner: runner, environment: context.environment, directory: home.hub)
        return RemoteUpstream(
            hub: git, url: Self.absolute(url, from: root), name: setting.remote, branch: await store.mainBranch,
            pushes: setting.push, clock: context.clock)
    }

    /// A path is meant from the checkout's root, a URL stands for itself.
    private static func absolute(_ url: String, from root: String) -> String {
        url.hasPrefix("./") || url.hasPrefix("../") ? Paths.join(root, url) : url
    }

    /// What takes branches that somebody has pushed.
    var pickUp: Intake { Intake(store: store, library: SpecLibrary(), clock: context.clock) }

    /// Opens PRs for pushed branches and says which were refused.
    ///
    /// With a forge the record is brought to where the remote stands first, and `presence` shows what came.
    func intake(
        from forge: GitHubForge? = nil, shownBy presence: GitHubPresence? = nil,
        _ say: @escaping @Sendable (String) -> Void
    ) -> @Sendable () async throws -> Void {
        let intake = pickUp
        let told = Told()
        return {
            do {
                try await forge?.mirror.inHurry().sync()
                await presence?.refresh()
            } catch let error where error.isPassing {
                // What is here can go on; what it records waits for GitHub.
                if told.isNew("\(error)") { say("\(error)") }
            }
            for refusal in try await intake.run() where told.isNew(refusal) { say(refusal) }
        }
    }

    /// Fires when a command rings (true) or somebody pushes a branch (false).
    ///
    /// With a remote it fires by the time as well, every so many seconds.
    func ticks(every seconds: Double? = nil) throws -> AsyncStream<Bool> {
        try Files.makeDirectory(home.hub + "/refs/heads/spec")
        let bell = try DirectoryWatch([home.path])
        let pushes = try DirectoryWatch([home.hub + "/refs/heads/spec"])
        let (stream, continuation) = AsyncStream.makeStream(of: Bool.self)
        let first = Task { for await _ in bell.changes { continuation.yield(true) } }
        let second = Task { for await _ in pushes.changes { continuation.yield(false) } }
        let third = seconds.map { seconds in
            Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(seconds))
                    continuation.yield(true)
                }
            }
        }
        continuation.onTermination = { _ in
            first.cancel()
            second.cancel()
            third?.cancel()
        }
        return stream
    }
}
