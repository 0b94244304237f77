package import FactoryCore
import FactoryFiles
package import FactoryGit
package import FactoryProcess

/// All that the line needs of a repository on GitHub, put together.
package struct GitHubForge: Sendable {
    package let setting: ForgeSetting
    package let client: GitHubClient
    package let mirror: GitHubMirror
    package let leases: RemoteLeases
    private let transport: HTTPProgram
    /// Git in the hub.
    private let hub: RemoteGit
    private let clock: any WallClock
    private let store: GitStore
    private let home: Home
    private let host: String

    /// The machine and the programs that a forge works with.
    package struct Means: Sendable {
        package var home: Home
        package var store: GitStore
        package var runner: ProcessRunner
        package var environment: [String: String]
        package var clock: any WallClock
        /// Told what goes on without being as it should.
        package var warn: @Sendable (String) -> Void

        package init(
            home: Home, store: GitStore, runner: ProcessRunner, environment: [String: String], clock: any WallClock,
            warn: @escaping @Sendable (String) -> Void
        ) {
            self.home = home
            self.store = store
            self.runner = runner
            self.environment = environment
            self.clock = clock
            self.warn = warn
        }
    }

    /// Throws `GitHubError` when the environment names no token and no App, or a key that is none.
    package init(_ setting: ForgeSetting, with means: Means) throws {
        guard let place = GitHubPlace(setting.repository, api: setting.api, git: setting.git) else {
            throw GitHubError.notFound("repository \(setting.repository)")
        }
        let identity = try GitHubIdentity.from(means.environment) { try? Files.text($0, limit: 1 << 16) }
        guard let identity else { throw GitHubError.unauthenticated("the environment names none") }
        self.setting = setting
        transport = HTTPProgram(try Self.program(), by: means.runner, environment: means.environment)
        let client = GitHubClient(place, as: identity, over: transport, clock: means.clock)
        self.client = client
        let git = { (directory: String) in
            RemoteGit(
                GitProgram(runner: means.runner, environment: means.environment, directory: directory),
                url: place.git, clock: means.clock, token: { try await client.currentToken() })
        }
        let remote = git(means.home.journal)
        hub = git(means.home.hub)
        clock = means.clock
        store = means.store
        home = means.home
        host = try means.home.hostName()
        var mirror = GitHubMirror(store: means.store, remote: remote, hub: hub, warn: means.warn)
        if setting.landing == .api {
            mirror.merging = GitHubMerge(client: client, clock: means.clock, patience: setting.wait)
        }
        self.mirror = mirror
        leases = RemoteLeases(
            over: FileLeases(directory: means.home.locks), remote: remote, store: means.store,
            host: host)
    }

    /// The repository's own checks; `main` is the name of the main branch.
    package func checks(main: String) -> GitHubChecks {
        GitHubChecks(client: client, remote: hub, main: main, clock: clock)
    }

    /// What shows and hears on GitHub during a run; `begin` starts it.
    package func presence(with means: GitHubPresence.Means) -> GitHubPresence {
        let elsewhere = Elsewhere()
        var desk = Desk(
            client: client, memory: GitHubMemory(at: home.path + "/github.json", of: client.place), store: store,
            clock: clock, showsLogs: setting.sharesArtifacts,
            removeBranch: { [mirror] in try await mirror.remove($0, at: $1) }, warn: means.warn)
        desk.isElsewhere = { elsewhere.works(on: $0) }
        return GitHubPresence(
            desk, mirror: mirror, host: host, poll: setting.poll, elsewhere: elsewhere, with: means)
    }

    /// Looks whether the line can work with the repository.
    package func survey(main: String) -> GitHubSurvey {
        GitHubSurvey(client: client, forge: setting, main: main, clock: clock)
    }

    /// Whether the main branch takes up-to-date pull requests only, without which GitHub may not squash for the line.
    package func isStrict(main: String) async throws -> Bool {
        try await StrictRule(client: client, main: main).holds()
    }

    /// Where `factory-http` stands: beside this program.
    package static func program() throws(GitHubError) -> String {
        let own = (try? Paths.resolve("/proc/self/exe")) ?? ""
        let path = Paths.parent(of: own) + "/factory-http"
        guard Files.isProgram(path) else {
            throw .unreachable("the program factory-http is not beside \(own); `make install` puts it there")
        }
        return path
    }

    /// Gives back leases that a run of this machine held when it was killed. The record was brought here before.
    package func clearLeases() async throws {
        for (number, holder) in try await store.mirroredLeases() where holder == host {
            try await leases.take(number)?.release()
        }
    }

    /// Gives back what is held on GitHub, and ends the program that speaks with it.
    package func end() async {
        await leases.settle()
        await transport.end()
    }
}

extension Home {
    /// The name of this factory among those that work the same repository: random, and kept.
    func hostName() throws -> String {
        let file = path + "/host"
        if let name = try Files.text(file, limit: 256), !name.isEmpty { return name }
        let name = String(UInt64.random(in: .min ... .max), radix: 36)
        try Files.write(name, to: file)
        return name
    }
}
