import FactoryCore
import FactoryForge
import FactoryGit

/// `factory show`: one PR, with all that happened to it.
struct ShowVerb: Verb {
    static let name = "show"
    static let arguments = "N"
    static let summary = "Show one pull request and all that happened to it"
    static let options = [
        Option("certificate", nil, "print only the certificate that it landed with, as JSON"),
        Option("holdouts", nil, "print only the holdouts: what they run, how they ended, and what they printed last"),
        Option("json", nil, "print it as JSON"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        let home = try context.home()
        let store = try GitStore(hub: home.hub, journal: home.journal, durable: false)
        let tip = try await name.find(in: store)
        let story = Story(history: try await store.history(of: tip.pr.number))
        if arguments.has("certificate") { return try certificate(of: tip.pr, story, context.output) }
        if arguments.has("holdouts") {
            return try holdouts(
                of: tip.pr.number, try await store.holdouts(of: tip.pr.number), story, home, arguments, context.output)
        }
        let view = ShowView(pr: tip.pr, story: story, time: LocalTime(context.clock))
        if arguments.has("json") { context.output.print(json: view.json) } else { context.output.print(view.text) }
        return .ok
    }

    /// For the person who gave them, so with everything.
    private static func holdouts(
        of number: PRNumber, _ set: HoldoutSet, _ story: Story, _ home: Home, _ arguments: Arguments, _ output: Output
    ) throws -> ExitCode {
        guard !set.holdouts.isEmpty else {
            throw CommandFailure("\(number) has no holdouts; give it one with `factory holdout add \(number.value)`")
        }
        let last = story.lastHoldouts
        let view = HoldoutView(number: number, holdouts: set.holdouts, results: last?.results ?? [])
        var logs: [SessionLog] = []
        if let session = last?.session {
            var files = SessionFiles(home, number, session: session)
            logs = try files.read(set.holdouts.map { "holdouts/\($0.id).log" }, final: true)
        }
        if arguments.has("json") {
            output.print(json: view.json.merging(["logs": .array(logs.map(\.json))]))
        } else {
            output.print(view.text)
            for log in logs { output.print("\n\(log.header)\n\(log.text)") }
        }
        return .ok
    }

    private static func certificate(of pr: PullRequest, _ story: Story, _ output: Output) throws -> ExitCode {
        guard let (certification, certificate) = story.certified else {
            throw CommandFailure(
                "\(pr.number) \(pr.standing) and has no certificate: only what passed every gate has one")
        }
        output.print(certificate.text(pretty: true))
        let fate = pr.landed == certification.squash ? "landed" : "did not land"
        output.say("certificate \(certification.id.hex) for \(certification.squash.hex), which \(fate)")
        return .ok
    }
}
