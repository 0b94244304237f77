import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryLine

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
            logs: [story.sentBack, story.parking].compactMap { $0 }.flatMap { logs(home, tip.pr.number, $0.session) },
            kept: try await store.rescued(of: tip.pr.number), moved: try await moved(tip.pr, story, store, home))
        if arguments.has("json") { context.output.print(json: view.json) } else { context.output.print(view.text) }
        return .ok
    }

    /// What has moved since the person was shown what waits. A floor that cannot be read is no reason to say nothing.
    private static func moved(
        _ pr: PullRequest, _ story: Story, _ store: GitStore, _ home: Home
    ) async throws -> [String] {
        guard pr.state == .needsAttention, pr.reason?.kind == .approval else { return [] }
        let check = ApprovalCheck(hub: store, floors: FloorCatalog(store: store, directory: home.floor))
        do {
            if pr.reason?.stage == .planReview {
                guard let plan = pr.approvedPlan else { return [] }
                return try await check.moved(pr, plan, story.history)
            }
            guard let id = pr.proposal?.certification.id, let certificate = story.certificate(id) else { return [] }
            return try await check.moved(pr, certificate, story.history)
        } catch let error as FloorError {
            return ["\(error)"]
        }
    }

    /// The logs that the session has left.
    private static func logs(_ home: Home, _ number: PRNumber, _ session: String) -> [String] {
        let folder = SessionFiles.folder(home, number, session)
        return ["", "/again", "/base-tests", "/base-tests/again", "/holdouts"].map { folder + $0 }.flatMap { place in
            ((try? Files.list(place)) ?? []).filter { $0.hasSuffix(".log") }.map { "\(place)/\($0)" }
        }
    }
}
