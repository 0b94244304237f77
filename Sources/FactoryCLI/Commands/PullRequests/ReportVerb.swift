import FactoryCore
import FactoryForge
import FactoryGit

/// `factory report`: what happened since yesterday.
struct ReportVerb: Verb {
    static let name = "report"
    static let summary = "Report what landed, what needs you and what still moves"
    static let options = [
        Option("since", "TIME", "from HH:MM or an ISO 8601 time on (default: the last 24 hours)"),
        Option("format", "FORMAT", "text, md or json"), Option("json", nil, "the same as --format json"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        let format = arguments.has("json") ? "json" : arguments.value("format") ?? "text"
        guard ["text", "md", "json"].contains(format) else { throw UsageError("--format \(format)? text, md or json") }
        let time = LocalTime(context.clock)
        let from = try since(arguments.value("since"), time)
        let home = try context.home()
        let store = try GitStore(hub: home.hub, journal: home.journal, durable: false)
        // What is put away is older than any report but one that was asked to look back.
        let board = try await Board.read(
            store, presence: Presence(locks: home.locks), clock: context.clock, archived: arguments.has("since"))
        let morning = try await morning(board, from: from, store, time)
        switch format {
        case "json": context.output.print(json: morning.json)
        case "md": context.output.print(morning.markdown)
        default: context.output.print(morning.text)
        }
        return .ok
    }

    /// The report on a board, from a moment on.
    static func morning(
        _ board: Board, from: Timestamp, _ store: GitStore, _ time: LocalTime
    ) async throws -> Morning {
        let report = Report(board.pullRequests, from: from, to: time.now)
        var morning = Morning(
            report: report, main: try await main(store, board.pullRequests), board: board,
            shadow: try await ShadowTally.read(board.pullRequests, in: store),
            human: try await human(report, store))
        morning.checks = try await checks(report, store)
        return morning
    }

    private static func since(_ word: String?, _ time: LocalTime) throws -> Timestamp {
        guard let word else { return time.now + -86_400 }
        guard let moment = time.latest(word) ?? Timestamp(word) else {
            throw UsageError("--since \(word)? Say it as 22:00 or 2026-11-20T22:00:00Z")
        }
        guard moment <= time.now else { throw UsageError("--since \(word) is still to come") }
        return moment
    }

    /// What the checks of the pull requests that the report names did in all their sessions.
    private static func checks(_ report: Report, _ store: GitStore) async throws -> [CheckTally] {
        var sessions: [Finish] = []
        for item in report.needsYou + report.landed + report.moving + report.closed
        where item.attempts[.implementationCI] != nil {
            sessions += Story(history: try await store.history(of: PRNumber(item.number))).ended.map(\.finish)
        }
        return CheckTally.list(sessions)
    }

    /// What landed and only a person can judge, by number.
    private static func human(_ report: Report, _ store: GitStore) async throws -> [Int: [String]] {
        var items: [Int: [String]] = [:]
        for item in report.landed {
            let story = Story(history: try await store.history(of: PRNumber(item.number)))
            guard let (certification, certificate) = story.certified else { continue }
            let human = CertificateView(id: certification.id, certificate: certificate).human
            if !human.isEmpty { items[item.number] = human }
        }
        return items
    }

    /// How the main branch stands to what has landed.
    private static func main(_ store: GitStore, _ pullRequests: [PullRequest]) async throws -> Morning.MainBranch {
        let tip = try await store.mainTip()
        var main = Morning.MainBranch(name: await store.mainBranch, tip: tip, standing: .idle)
        let landed = pullRequests.filter { $0.landed != nil }
        guard let last = landed.max(by: { $0.updatedAt < $1.updatedAt })?.landed else { return main }
        if landed.contains(where: { $0.landed == tip || $0.reverted == tip }) {
            main.standing = .landed
        } else {
            main.standing = try await store.isAncestor(last, of: tip) ? .ahead : .rewritten
        }
        return main
    }
}
