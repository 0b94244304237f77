import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryProcess

/// The way to the repository on GitHub that `forge:` names.
struct GitHubConnection {
    let client: GitHubClient
    private let http: HTTPProgram

    /// Throws `CommandFailure` where something of it is missing on this machine, and `GitHubError` for a key that cannot
    /// be read. Asks nothing of GitHub yet.
    init(_ forge: ForgeSetting, context: Context, runner: ProcessRunner) throws {
        let own = (try? Paths.resolve("/proc/self/exe")) ?? ""
        let program = Paths.parent(of: own) + "/factory-http"
        guard Files.isProgram(program) else {
            throw CommandFailure(
                "the program factory-http, which speaks with GitHub, is not beside \(own): install it again, "
                    + "`make install` puts both there")
        }
        guard let place = GitHubPlace(forge.repository, api: forge.api, git: forge.git) else {
            throw CommandFailure("`forge: { github: \(forge.repository) }` is no repository: write owner/name")
        }
        let identity = try GitHubIdentity.from(context.environment) { path in
            (try? Files.text(Paths.join(context.directory, path), limit: 64 << 10)) ?? nil
        }
        guard let identity else {
            throw CommandFailure(
                "nobody speaks for the line on GitHub: set FACTORY_APP_ID and FACTORY_APP_KEY (an App), or "
                    + "FACTORY_GITHUB_TOKEN; docs/github.md says how",
                code: .authentication)
        }
        http = HTTPProgram(program, by: runner, environment: context.environment)
        client = GitHubClient(place, as: identity, over: http, clock: context.clock)
    }

    /// Ends what speaks with GitHub.
    func end() async { await http.end() }
}
