import FactoryCore
import FactoryForge
import FactoryGit

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
        let view: GitHubSetupView
        do { view = try await setUp(workplace, forge) } catch let error as GitHubError {
            throw CommandFailure("\(error)", code: error.isOfIdentity ? .authentication : .failed)
        }
        if arguments.has("json") { context.output.print(json: view.json) } else { context.output.print(view.text) }
        return view.isReady ? .ok : .failed
    }

    private static func setUp(_ workplace: Workplace, _ forge: ForgeSetting) async throws -> GitHubSetupView {
        let connection = try workplace.connection(forge)
        do {
            let labels = try await StateLabels.make(by: connection.client)
            let findings = await connection.survey(main: await workplace.store.mainBranch).perform()
            let granted = await connection.client.granted
            await connection.end()
            return GitHubSetupView(
                repository: forge.repository, labels: labels, granted: granted, findings: findings)
        } catch {
            await connection.end()
            throw error
        }
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
