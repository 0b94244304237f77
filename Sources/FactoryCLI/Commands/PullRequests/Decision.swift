import FactoryCore
import FactoryForge
import FactoryGit

/// A person's word on one PR: written behind the entry that was looked at, shown on the branch, told to a running line.
struct Decision: Sendable {
    /// The options that every such command takes.
    static let json = Option("json", nil, "print the result as JSON")

    let home: Home
    let store: GitStore
    let context: Context

    /// Lets a command decide, on what stands on the remote where there is one. Throws as `Workplace.recording` does.
    static func making(
        _ context: Context, _ decide: (Decision) async throws -> ExitCode
    ) async throws -> ExitCode {
        try await Workplace.recording(context) { workplace, _ in
            try await decide(Decision(home: workplace.home, store: workplace.store, context: context))
        }
    }

    /// Records the event and prints what it changed. Throws `JournalConflict` when an entry came between.
    /// `notes` are printed below it.
    func record(_ event: Event, on tip: Tip, notes: [String] = [], json: Bool) async throws -> ExitCode {
        let person = try await context.checkout().identity().name
        let next = try await store.append(Entry(event, at: context.clock.now(), by: person), to: tip, artifacts: [])
        home.ring()
        do {
            try await store.project(next.pr)
        } catch {
            context.output.say(
                "note: the branch \(next.pr.branch) does not show it yet (\(error)); the line repairs it")
        }
        let view = DecisionView(before: tip.pr, after: next.pr, event: event, by: person, notes: notes)
        if json { context.output.print(json: view.json) } else { context.output.print(view.text) }
        return .ok
    }

    /// Says why a command does not fit, and what fits instead.
    static func refusal(_ pr: PullRequest, _ why: String, code: ExitCode = .failed) -> CommandFailure {
        let number = pr.number.value
        let ways: [WayOn]
        switch pr.state {
        case .needsAttention:
            ways =
                pr.reason.map {
                    WayOn.list($0, number: number, spec: pr.specPath.description, resume: pr.resume)
                } ?? []
        case .closed: ways = [WayOn("factory submit \(pr.specPath)", "start it over")]
        case .merged: ways = []
        case .queued, .plan, .planReview, .implementation, .implementationCI, .codeReview, .merge:
            ways = [WayOn("factory why \(number)", "see what it does"), WayOn("factory park \(number)", "stop it")]
        }
        let list =
            ways.isEmpty
            ? "" : "; you can:\n" + Columns.lines(ways.map { [$0.command, $0.means] }).joined(separator: "\n")
        return CommandFailure("\(pr.number) \(why)\(list)", code: code)
    }
}

extension PullRequest {
    /// `is parked by <rule>`, `is at plan`, `has landed`, `is closed`.
    var standing: String {
        switch state {
        case .needsAttention: "is parked by \"\(Wording.line(reason?.rule ?? "", limit: 120))\""
        case .merged: "has landed as \(landed?.short ?? "?")"
        case .closed: "is closed"
        case .queued: "is queued"
        case .plan, .planReview, .implementation, .implementationCI, .codeReview, .merge: "is at \(state.rawValue)"
        }
    }
}
