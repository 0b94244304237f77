import FactoryCore

/// `factory close`: gives a PR up.
struct CloseVerb: Verb {
    static let name = "close"
    static let arguments = "N"
    static let summary = "Give a pull request up"
    static let options = [Option("note", "TEXT", "why"), Decision.json]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        return try await Decision.making(context) { decision in
            let tip = try await name.find(in: decision.store)
            guard !tip.pr.state.isFinal else { throw Decision.refusal(tip.pr, tip.pr.standing) }
            return try await decision.record(
                .closed(note: arguments.value("note") ?? ""), on: tip, json: arguments.has("json"))
        }
    }
}
