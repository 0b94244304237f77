import FactoryCore
import FactoryForge
import FactoryGit
import FactoryKnowledge

/// `factory submit`: queues specs.
struct SubmitVerb: Verb {
    static let name = "submit"
    static let arguments = "FILE… | --from BRANCH"
    static let summary = "Queue specs; a spec that was submitted before starts over"
    static let options = [
        Option("from", "BRANCH", "queue the one new spec on a branch, with whatever else is on it"),
        Option("json", nil, "print the result as JSON"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let branch = arguments.value("from")
        guard branch != nil || !arguments.words.isEmpty else { throw UsageError("submit what? Name a file in specs/") }
        guard !arguments.words.contains("") else { throw UsageError("a file's name is empty") }
        guard branch == nil || arguments.words.isEmpty else { throw UsageError("either files or --from, not both") }
        return try await Workplace.recording(context) { workplace, _ in
            try await submit(arguments, branch, workplace, context)
        }
    }

    private static func submit(
        _ arguments: Arguments, _ branch: String?, _ workplace: Workplace, _ context: Context
    ) async throws -> ExitCode {
        let checkout = try await context.checkout()
        let submission = Submission(
            checkout: checkout, home: workplace.home, store: workplace.store, library: SpecLibrary(),
            clock: context.clock)
        for sentence in try await Drift(checkout: checkout, store: workplace.store).sentences() {
            context.output.say("note: \(sentence)")
        }
        var queued: [PullRequest] = []
        if let branch { queued.append(try await submission.submit(branch: branch)) }
        let files = try order(arguments.words, context, checkout)
        let left = try await submission.submit(files: files) { pr in
            queued.append(pr)
            if !arguments.has("json") { context.output.print("\(pr.number) queued: \(pr.title)") }
        }
        if let left { context.output.say("note: \(left)") }
        let line = StandingView(
            standing: try await workplace.store.standing().standing, time: LocalTime(context.clock))
        if let headline = line.headline { context.output.say("note: \(headline); it goes on with: factory start") }
        if arguments.has("json") {
            context.output.print(json: [
                "queued": .array(
                    queued.map { .object(["number": .of($0.number.value), "spec": .string($0.specPath.text)]) })
            ])
        } else if let pr = queued.first, branch != nil {
            context.output.print("\(pr.number) queued: \(pr.title)")
        }
        return .ok
    }

    /// By name, and each once, whatever the shell made of a pattern.
    private static func order(_ words: [String], _ context: Context, _ checkout: Checkout) throws -> [String] {
        try Set(words.map { try checkout.relative($0, from: context.directory) }).sorted()
    }
}
