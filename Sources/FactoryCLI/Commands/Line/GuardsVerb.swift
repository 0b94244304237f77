import FactoryCore
import FactoryGit

/// `factory guards`: the table of guards as it is in force on the hub.
struct GuardsVerb: Verb {
    static let name = "guards"
    static let summary = "List the guards of landing: level, where it comes from, what each objects to"
    static let options = [Option("json", nil, "print it as JSON")]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        let workplace = try Workplace(context)
        let floor = try await workplace.floors.floor(at: workplace.store.mainTip())
        let table = GuardTable(settings: floor.configuration.guards)
        if arguments.has("json") { context.output.print(json: table.json) } else { context.output.print(table.text) }
        return .ok
    }
}
