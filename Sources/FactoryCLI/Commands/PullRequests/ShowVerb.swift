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
        Option("json", nil, "print it as JSON"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        let home = try context.home()
        let store = try GitStore(hub: home.hub, journal: home.journal, durable: false)
        let tip = try await name.find(in: store)
        let story = Story(history: try await store.history(of: tip.pr.number))
        if arguments.has("certificate") { return try certificate(of: tip.pr, story, context.output) }
        let view = ShowView(pr: tip.pr, story: story, time: LocalTime(context.clock))
        if arguments.has("json") { context.output.print(json: view.json) } else { context.output.print(view.text) }
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
