import FactoryCore
import FactoryForge
import FactoryGit
import FactoryLine

/// `factory revert`: takes back what a PR has brought.
struct RevertVerb: Verb {
    static let name = "revert"
    static let arguments = "N"
    static let summary = "Take back what a pull request has brought: checked, certified, also while the line is stopped"
    static let options = [Option("note", "TEXT", "why; it stands in the commit"), Decision.json]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        return try await Workplace.recording(context) { workplace, forge in
            let before = try await name.find(in: workplace.store).pr
            guard before.state == .merged else {
                throw Decision.refusal(before, "\(before.standing): only what has landed can be reverted")
            }
            let identity = try await context.checkout().identity()
            let person = Person(name: identity.name, email: identity.email)
            let ports = workplace.ports(upstream: try await upstream(workplace, forge)) { _ in }
            context.output.say("note: the checks run on the main branch without \(before.number)")
            let (tip, dependents) = try await Interruption.heeding {
                try await Reverting(ports).revert(name.number, by: person, note: arguments.value("note") ?? "")
            }
            workplace.home.ring()
            let pr = tip.pr
            if arguments.has("json") {
                context.output.print(json: [
                    "number": .of(pr.number.value), "landed": .orNull(pr.landed?.hex),
                    "reverted": .orNull(pr.reverted?.hex),
                    "certificate": .orNull(pr.revert?.id.hex), "by": .string(person.name),
                    "dependents": .array(dependents.map { .of($0.value) }),
                ])
                return .ok
            }
            let title = Wording.line(pr.title, limit: 60)
            context.output.print(
                "\(pr.number) \(title): \(pr.landed?.short ?? "?") reverted as \(pr.reverted?.short ?? "?")")
            if !dependents.isEmpty {
                context.output.print("\(Wording.numbers(dependents.map(\.value))) depended on it: a remark tells them")
            }
            let standing = try await workplace.store.standing().standing
            if standing.isStopped { context.output.print("The line is stopped still: factory start") }
            return .ok
        }
    }

    /// What was landed on GitHub was pushed with it.
    private static func upstream(_ workplace: Workplace, _ forge: GitHubForge?) async throws -> (any UpstreamLink)? {
        if let forge { forge.mirror } else { try await workplace.upstream() }
    }
}
