import FactoryCore

/// `factory park`: stops a PR until a person says otherwise.
struct ParkVerb: Verb {
    static let name = "park"
    static let arguments = "N"
    static let summary = "Stop a pull request until you say otherwise"
    static let options = [Option("note", "TEXT", "why"), Decision.json]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        return try await Decision.making(context) { decision in
            let tip = try await name.find(in: decision.store)
            guard !tip.pr.state.isFinal else { throw Decision.refusal(tip.pr, tip.pr.standing) }
            guard tip.pr.state != .needsAttention else {
                throw Decision.refusal(tip.pr, "\(tip.pr.standing) already")
            }
            return try await decision.record(
                .parked(note: arguments.value("note") ?? ""), on: tip, json: arguments.has("json"))
        }
    }
}
