package import FactoryCore
package import FactoryGit

/// What showing pull requests and reading people's handles have in common.
package struct Desk: Sendable {
    let client: GitHubClient
    let memory: GitHubMemory
    let store: GitStore
    let clock: any WallClock
    /// The repository's pages, such as `https://github.com/owner/name`.
    let site: String
    /// Whether what failed checks printed is shown.
    let showsLogs: Bool
    /// Takes a PR's branch away where it stands at one of these commits; false: somebody has pushed to it since.
    let removeBranch: @Sendable (String, [CommitID]) async throws -> Bool
    /// Whether another machine works on a PR, and shows it.
    var isElsewhere: @Sendable (PRNumber) async -> Bool = { _ in false }
    /// Told what went wrong and will be tried again.
    let warn: @Sendable (String) -> Void

    package init(
        client: GitHubClient, memory: GitHubMemory, store: GitStore, clock: any WallClock, showsLogs: Bool,
        removeBranch: @escaping @Sendable (String, [CommitID]) async throws -> Bool,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.client = client
        self.memory = memory
        self.store = store
        self.clock = clock
        let git = client.place.git
        site = git.hasSuffix(".git") ? String(git.dropLast(4)) : git
        self.showsLogs = showsLogs
        self.removeBranch = removeBranch
        self.warn = warn
    }

    /// The path of the API to the repository, with more behind it.
    func path(_ rest: String) -> String { client.place.path + rest }

    /// Who the line is. A person is asked for, an App is known by what it was told or has written. Throws `GitHubError`.
    func myself() async throws(GitHubError) -> Myself {
        if let login = await client.appLogin { await memory.learn(Account(id: nil, login: login, isBot: true)) }
        if await memory.account == nil, !client.isApp {
            await memory.learn(Account(try await client.read("/user")))
        }
        return Myself(account: await memory.account, isApp: client.isApp)
    }

    /// Whether the line has written it. Throws `GitHubError`.
    func isOurs(_ item: JSON) async throws(GitHubError) -> Bool {
        guard let by = Account(item["user"]) else { return false }
        return try await myself().isMe(by)
    }

    func timeline(_ pull: Int) async throws(GitHubError) -> Timeline {
        Timeline(try await client.readAll(path("/issues/\(pull)/timeline")))
    }
}
