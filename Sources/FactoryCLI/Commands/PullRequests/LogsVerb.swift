import FactoryCore
import FactoryForge
import FactoryGit

/// `factory logs`: what a session has printed.
struct LogsVerb: Verb {
    static let name = "logs"
    static let arguments = "N"
    static let summary = "Print the logs of a pull request's newest session, or of another one"
    static let options = [
        Option("stage", "STAGE", "the newest session of this stage"),
        Option("attempt", "K", "the session of that number, with --stage"),
        Option("prompt", nil, "print the prompt instead"),
        Option("follow", nil, "go on printing until the session ends"),
        Option("json", nil, "print a JSON object for each piece of a file, one a line"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        let wanted = try Wanted(arguments)
        let home = try context.home()
        let store = try GitStore(hub: home.hub, journal: home.journal, durable: false)
        let tip = try await name.find(in: store)
        let sessions = try await store.history(of: tip.pr.number).compactMap(session)
        let chosen = try choose(wanted, sessions, tip.pr, home)
        let others = sessions.filter { $0 != chosen }.map(\.name)
        if !others.isEmpty, !arguments.has("json") {
            context.output.say("\(tip.pr.number) \(chosen.name); other sessions: \(others.joined(separator: ", "))")
        }
        var printing = Printing(
            files: SessionFiles(home, tip.pr.number, session: chosen.name), output: context.output,
            names: arguments.has("prompt") ? ["prompt.md"] : nil, json: arguments.has("json"))
        while arguments.has("follow"), let active = try await store.tip(of: tip.pr.number)?.pr.active,
            active.stage == chosen.stage, active.attempt == chosen.attempt
        {
            try printing.go(final: false)
            await context.clock.sleep(seconds: 0.2)
        }
        try printing.go(final: true)
        if !arguments.has("prompt") { printing.list(printing.files.artifacts) }
        if printing.isSilent { context.output.say("\(chosen.name) has left nothing to print") }
        return .ok
    }

    private struct Session: Hashable {
        let stage: Stage
        let attempt: Int
        var name: String { "\(stage.rawValue)-\(attempt)" }
    }

    private static func session(_ item: RecordedEntry) -> Session? {
        if case .started(let start) = item.entry.event {
            Session(stage: start.stage, attempt: start.attempt)
        } else {
            nil
        }
    }

    /// The session that the options name; else the running one, else the newest one that left something.
    private static func choose(_ wanted: Wanted, _ sessions: [Session], _ pr: PullRequest, _ home: Home) throws
        -> Session
    {
        guard let newest = sessions.last else {
            throw CommandFailure("\(pr.number) \(pr.standing): no session has started yet")
        }
        guard let stage = wanted.stage else {
            if pr.active != nil { return newest }
            return sessions.last { !SessionFiles(home, pr.number, session: $0.name).names.isEmpty } ?? newest
        }
        let fitting = sessions.last { $0.stage == stage && ($0.attempt == wanted.attempt ?? $0.attempt) }
        guard let fitting else {
            let what = stage.rawValue + (wanted.attempt.map { "-\($0)" } ?? "")
            throw CommandFailure(
                "\(pr.number) has had no session \(what); there are \(Wording.list(sessions.map(\.name)))")
        }
        return fitting
    }

    /// What the options ask for.
    private struct Wanted {
        var stage: Stage?
        var attempt: Int?

        init(_ arguments: Arguments) throws {
            if let word = arguments.value("stage") {
                guard let stage = Stage(rawValue: word) else {
                    let names = Stage.allCases.map(\.rawValue).joined(separator: ", ")
                    throw UsageError("--stage \(word) is no stage: \(names)")
                }
                self.stage = stage
            }
            if let word = arguments.value("attempt") {
                guard stage != nil, let attempt = Int(word), attempt > 0 else {
                    throw UsageError("--attempt takes a number, beside --stage")
                }
                self.attempt = attempt
            }
        }
    }

    /// Prints pieces as they come, with a header wherever the file changes.
    private struct Printing {
        var files: SessionFiles
        let output: Output
        /// The files to print; nil: whatever the session has left by then.
        let names: [String]?
        let json: Bool
        private var last: String?

        init(files: SessionFiles, output: Output, names: [String]?, json: Bool) {
            self.files = files
            self.output = output
            self.names = names
            self.json = json
        }

        var isSilent: Bool { last == nil }

        mutating func go(final: Bool) throws {
            for piece in try files.read(names ?? files.names, final: final) {
                if json {
                    output.print(piece.json.text())
                } else {
                    if last != piece.file { output.print((last == nil ? "" : "\n") + piece.header) }
                    output.print(piece.text)
                }
                last = piece.file
            }
        }

        mutating func list(_ artifacts: [SessionArtifact]) {
            guard let first = artifacts.first else { return }
            if !json { output.print((last == nil ? "" : "\n") + "==> \(first.session)/artifacts <==") }
            for artifact in artifacts { output.print(json ? artifact.json.text() : artifact.text) }
            last = first.file
        }
    }
}
