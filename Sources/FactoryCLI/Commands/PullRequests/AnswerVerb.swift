import FactoryCore
import FactoryFiles

/// `factory answer`: answers an agent's question.
struct AnswerVerb: Verb {
    static let name = "answer"
    static let arguments = "N TEXT | N -"
    static let summary = "Answer an agent's question; - reads the answer from standard input"
    static let options = [Decision.json]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.first(arguments, of: Self.self)
        let words = arguments.words.dropFirst()
        guard !words.isEmpty else {
            throw UsageError("answer what? Write the answer behind the number, or - to read it")
        }
        return try await Decision.making(context) { decision in
            let tip = try await name.find(in: decision.store)
            guard tip.pr.state == .needsAttention, tip.pr.reason?.kind == .question else {
                throw Decision.refusal(tip.pr, "\(tip.pr.standing) and asks nothing")
            }
            let text = words == ["-"] ? try readInput() : words.joined(separator: " ")
            guard text.contains(where: { !$0.isWhitespace }) else { throw UsageError("the answer is empty") }
            return try await decision.record(.answered(text), on: tip, json: arguments.has("json"))
        }
    }

    private static func readInput() throws -> String {
        String(decoding: try Files.read("/dev/stdin", limit: 1 << 20), as: UTF8.self)
    }
}
