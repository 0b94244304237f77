import FactoryCore
import FactoryForge
import FactoryGit

/// `factory status`: where everything stands.
struct StatusVerb: Verb {
    static let name = "status"
    static let summary = "Show what needs you, what moves, what has landed"
    static let options = [
        Option("all", nil, "with the pull requests that were put away"), Option("json", nil, "print it as JSON"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        let home = try context.home()
        let store = try GitStore(hub: home.hub, journal: home.journal, durable: false)
        let board = try await Board.read(
            store, presence: Presence(locks: home.locks), clock: context.clock, archived: arguments.has("all"))
        let view = StatusView(board: board)
        if arguments.has("json") { context.output.print(json: view.json) } else { context.output.print(view.text) }
        return .ok
    }
}
