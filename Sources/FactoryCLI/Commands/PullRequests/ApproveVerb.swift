import FactoryCore

/// `factory approve`: lets a head land, or overrules guards.
struct ApproveVerb: Verb {
    static let name = "approve"
    static let arguments = "N"
    static let summary = "Let a pull request land, or overrule the guards that stopped it"
    static let options = [
        Option("override", "RULE,…", "the rules to overrule; recorded in the certificate"),
        Option("head", "SHA", "approve only if this still is the commit in question"), Decision.json,
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        let decision = try Decision(context)
        let tip = try await name.find(in: decision.store)
        let rules = (arguments.value("override") ?? "").split(separator: ",")
            .map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        let head = try head(tip.pr, rules: rules)
        if let seen = arguments.value("head") { try require(seen, is: head, of: tip.pr) }
        return try await decision.record(.approved(overrides: rules, head: head), on: tip, json: arguments.has("json"))
    }

    /// The commit that an approval would be for. Throws when there is nothing to approve.
    private static func head(_ pr: PullRequest, rules: [String]) throws -> CommitID {
        guard pr.state == .needsAttention, let reason = pr.reason else {
            throw Decision.refusal(pr, "\(pr.standing) and waits for no approval")
        }
        switch reason.kind {
        case .approval:
            guard rules.isEmpty else { throw Decision.refusal(pr, "is stopped by no guard that could be overruled") }
            return pr.head
        case .guard:
            try requireAll(rules, reason, pr)
            return pr.withheld ?? pr.head
        case .returns, .failed, .agent, .deferred, .interrupted, .question, .contained, .baseLost, .contention, .budget,
            .person:
            throw Decision.refusal(pr, "\(pr.standing), which no approval lifts")
        }
    }

    private static func requireAll(_ rules: [String], _ reason: Reason, _ pr: PullRequest) throws {
        let needed = reason.overridable
        if let stranger = rules.first(where: { !needed.contains($0) }) {
            throw Decision.refusal(
                pr, "is not stopped by \"\(Wording.line(stranger, limit: 60))\" but by \(Wording.list(needed))")
        }
        let missing = needed.filter { !rules.contains($0) }
        guard missing.isEmpty else {
            throw Decision.refusal(pr, "is stopped by \(Wording.list(missing)), which has to be overruled by name")
        }
    }

    private static func require(_ seen: String, is head: CommitID, of pr: PullRequest) throws {
        guard seen.utf8.count >= 7 else { throw UsageError("--head needs at least 7 digits of the commit") }
        guard head.hex.hasPrefix(seen.lowercased()) else {
            throw CommandFailure(
                "\(pr.number) has changed meanwhile: it is about \(head.short) now. Look at it again, then decide again",
                code: .changedMeanwhile)
        }
    }
}
