import FactoryCore
import FactoryForge
import FactoryGit

/// `factory show`: one PR, with all that happened to it.
struct ShowVerb: Verb {
    static let name = "show"
    static let arguments = "N"
    static let summary = "Show one pull request and all that happened to it"
    static let options = [
        Option("certificate", nil, "show only its newest certificate: the one that waits, or that it landed with"),
        Option("plan", nil, "show only the plan"),
        Option("holdouts", nil, "print only the holdouts: what they run, how they ended, and what they printed last"),
        Option("json", nil, "print it as JSON"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        let home = try context.home()
        let store = try GitStore(hub: home.hub, journal: home.journal, durable: false)
        let tip = try await name.find(in: store)
        let story = Story(history: try await store.history(of: tip.pr.number))
        let json = arguments.has("json")
        if arguments.has("certificate") { return try certificate(of: tip.pr, story, context.output, json: json) }
        if arguments.has("plan") { return try await plan(of: tip.pr, store, context.output, json: json) }
        if arguments.has("holdouts") {
            return try holdouts(
                of: tip.pr.number, try await store.holdouts(of: tip.pr.number), story, home, arguments, context.output)
        }
        let view = ShowView(pr: tip.pr, story: story, time: LocalTime(context.clock))
        if json { context.output.print(json: view.json) } else { context.output.print(view.text) }
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

    /// As JSON it is the certificate's own bytes, so that anybody can recompute its id.
    private static func certificate(
        of pr: PullRequest, _ story: Story, _ output: Output, json: Bool
    ) throws -> ExitCode {
        guard let (certification, certificate) = story.certified else {
            throw CommandFailure(
                "\(pr.number) \(pr.standing) and has no certificate: only what passed every gate has one")
        }
        let fate =
            if pr.landed == certification.squash { "landed" } else if pr.proposal?.certification == certification {
                pr.proposal?.isShadow == true ? "would have landed" : "waits for approval"
            } else { "did not land" }
        guard json else {
            let view = CertificateView(id: certification.id, certificate: certificate)
            output.print(view.text("\(certification.squash.short), which \(fate)"))
            return .ok
        }
        output.print(certificate.text(pretty: true))
        output.say("certificate \(certification.id.hex) for \(certification.squash.hex), which \(fate)")
        return .ok
    }

    private static func plan(
        of pr: PullRequest, _ store: GitStore, _ output: Output, json: Bool
    ) async throws -> ExitCode {
        let tree = try await store.tree(of: pr.head)
        guard let bytes = try await store.file(pr.planPath, in: tree, limit: 1 << 20),
            let id = try await store.fingerprint(of: pr.planPath, in: tree)
        else { throw CommandFailure("\(pr.number) \(pr.standing) and has no plan yet") }
        let text = String(decoding: bytes, as: UTF8.self)
        let isApproved = pr.approvedPlan?.plan.hex == id
        if json {
            output.print(json: [
                "number": .of(pr.number.value), "path": .string(pr.planPath.description), "plan": .string(id),
                "spec": .orNull(try await store.fingerprint(of: pr.specPath, in: tree)),
                "approvedByReview": .bool(isApproved), "text": .string(text),
            ])
        } else {
            output.print(Wording.lines(text, limit: 1 << 20).joined(separator: "\n"))
            output.say(
                "plan \(id), \(isApproved ? "which the plan review approved" : "which no plan review has approved")")
        }
        return .ok
    }
}
