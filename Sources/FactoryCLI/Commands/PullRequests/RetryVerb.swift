import FactoryCore
import FactoryText

/// `factory retry`: sends a PR back to a stage, with its counts at zero.
struct RetryVerb: Verb {
    static let name = "retry"
    static let arguments = "N"
    static let summary = "Let a parked pull request go on, or send any back to a stage"
    static let options = [
        Option("from", "STAGE", "the stage to send it to (default: where it stopped)"),
        Option("note", "TEXT", "what the next session should know"), Decision.json,
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        let wanted = try arguments.value("from").map { try state($0) }
        return try await Decision.making(context) { decision in
            let tip = try await name.find(in: decision.store)
            guard !tip.pr.state.isFinal else { throw Decision.refusal(tip.pr, tip.pr.standing) }
            let target = try target(tip.pr, wanted)
            return try await decision.record(
                .retried(to: target, note: arguments.value("note") ?? ""), on: tip, json: arguments.has("json"))
        }
    }

    private static func state(_ word: String) throws -> State {
        let names = [State.queued.rawValue] + Stage.allCases.map(\.rawValue)
        guard names.contains(word), let state = State(rawValue: word) else {
            let hint = NearestName.hint(word, among: names)
            throw UsageError("--from \(word) is no stage\(hint): \(names.joined(separator: ", "))")
        }
        return state
    }

    /// Without `--from` it goes on where it stopped. What lies behind the plan needs one that was approved.
    private static func target(_ pr: PullRequest, _ wanted: State?) throws -> State {
        guard let wanted else {
            guard pr.state == .needsAttention else {
                throw Decision.refusal(pr, "\(pr.standing), not parked: name the stage to send it to with --from")
            }
            return pr.resume ?? .queued
        }
        if pr.reason?.kind == .approval, pr.reason?.stage == .planReview, let stage = wanted.stage,
            stage >= .implementation
        {
            throw Decision.refusal(pr, "waits for your approval of its plan before \(wanted.rawValue)")
        }
        let reviewed = pr.approvedPlan != nil
        guard reviewed || (wanted.stage ?? .plan) < .implementation else {
            throw Decision.refusal(
                pr, "has no approved plan that \(wanted.rawValue) could go by: send it to plan or plan-review")
        }
        return wanted
    }
}
