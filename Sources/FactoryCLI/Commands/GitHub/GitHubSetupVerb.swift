import FactoryCore
import FactoryForge

/// `factory github setup`: makes the labels, and says what GitHub must be told by hand.
struct GitHubSetupVerb: Verb {
    static let name = "github setup"
    static let summary = "Make the labels on GitHub, and say which rights and rules are missing"
    static let options = [Option("json", nil, "print the result as JSON")]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        let workplace = try Workplace(context)
        let floor = try await workplace.floors.floor(at: workplace.store.mainTip())
        guard let forge = floor.configuration.forge else {
            throw CommandFailure(
                "no repository on GitHub is configured: add `forge: { github: owner/name }` to .factory/config.yml, "
                    + "commit it and push it to the hub's main branch")
        }
        let connection = try GitHubConnection(forge, context: context, runner: workplace.runner)
        let survey = GitHubSurvey(
            client: connection.client, forge: forge, main: await workplace.store.mainBranch, clock: context.clock)
        let view: GitHubSetupView
        do {
            let labels = try await StateLabels.make(by: connection.client)
            let granted = await connection.client.granted
            view = GitHubSetupView(
                repository: forge.repository, labels: labels, granted: granted, findings: await survey.perform())
        } catch let error as GitHubError {
            await connection.end()
            throw CommandFailure("\(error)", code: error.isOfIdentity ? .authentication : .failed)
        }
        await connection.end()
        if arguments.has("json") { context.output.print(json: view.json) } else { context.output.print(view.text) }
        return view.isReady ? .ok : .failed
    }
}

extension GitHubError {
    /// Whether another token, or more rights of it, would help.
    var isOfIdentity: Bool {
        switch self {
        case .unauthenticated, .forbidden, .badKey: true
        case .notFound, .conflict, .refused, .limited, .unreachable, .unexpected: false
        }
    }
}
