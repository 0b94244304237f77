import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit

/// `factory why`: what stopped a PR, or what it waits for.
struct WhyVerb: Verb {
    static let name = "why"
    static let arguments = "N"
    static let summary = "Say what stopped a pull request, or what it waits for, and what to do"
    static let options = [Option("json", nil, "print it as JSON")]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        let home = try context.home()
        let store = try GitStore(hub: home.hub, journal: home.journal, durable: false)
        let tip = try await name.find(in: store)
        let board = try await Board.read(
            store, presence: Presence(locks: home.locks), clock: context.clock, archived: false)
        let story = Story(history: try await store.history(of: tip.pr.number))
        let view = WhyView(
            pr: tip.pr, story: story, board: board, journal: home.journal,
            logs: story.parking.map { logs(home, tip.pr.number, $0.session) } ?? [],
            kept: try await store.rescued(of: tip.pr.number))
        if arguments.has("json") { context.output.print(json: view.json) } else { context.output.print(view.text) }
        return .ok
    }

    /// The logs that the session has left.
    private static func logs(_ home: Home, _ number: PRNumber, _ session: String) -> [String] {
        let folder = SessionFiles.folder(home, number, session)
        return [folder, "\(folder)/base-tests", "\(folder)/holdouts"].flatMap { place in
            ((try? Files.list(place)) ?? []).filter { $0.hasSuffix(".log") }.map { "\(place)/\($0)" }
        }
    }
}
