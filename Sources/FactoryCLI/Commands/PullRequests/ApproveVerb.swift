import FactoryCore
import FactoryForge
import FactoryGit
import FactoryLine

/// `factory approve`: lets a plan be implemented or a change land, or overrules guards.
struct ApproveVerb: Verb {
    static let name = "approve"
    static let arguments = "N"
    static let summary = "Let a plan be implemented or a change land, or overrule the guards that stopped it"
    static let options = [
        Option("certificate", "ID", "approve only if this still is the certificate that waits"),
        Option("plan", "ID", "approve only if this still is the plan that waits"),
        Option("override", "RULE,…", "the rules to overrule; recorded in the certificate"),
        Option("head", "SHA", "approve only if this still is the commit in question"), Decision.json,
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        return try await Decision.making(context) { decision in
            let tip = try await name.find(in: decision.store)
            let rules = (arguments.value("override") ?? "").split(separator: ",")
                .map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
            let seen = try Seen(arguments)
            let head = try head(tip.pr, rules: rules, seen)
            try seen.require(seen.head, "--head", is: head.hex, of: tip.pr)
            let reverted = try await revertedDependencies(of: tip.pr, decision.store)
            guard tip.pr.reason?.kind == .approval else {
                return try await decision.record(
                    .approved(overrides: rules, head: head, seeing: tip.pr.reason?.objections(of: rules) ?? []),
                    on: tip, notes: reverted, json: arguments.has("json"))
            }
            let history = try await decision.store.history(of: tip.pr.number)
            let approvable = try await Approved(decision: decision, pr: tip.pr, history: history, seen: seen).find()
            return try await decision.record(
                .approved(overrides: [], head: head, of: approvable.what), on: tip, notes: approvable.notes + reverted,
                json: arguments.has("json"))
        }
    }

    /// What a person should know who lets it go on: what it was built on may be gone.
    private static func revertedDependencies(of pr: PullRequest, _ store: GitStore) async throws -> [String] {
        var notes: [String] = []
        for number in pr.dependsOn {
            guard let other = try await store.tip(of: PRNumber(number))?.pr, let commit = other.reverted else {
                continue
            }
            notes.append("note: it depends on \(other.number), which was reverted as \(commit.short)")
        }
        return notes
    }

    /// The commit that an approval would be for. Throws when there is nothing to approve.
    private static func head(_ pr: PullRequest, rules: [String], _ seen: Seen) throws -> CommitID {
        guard pr.state == .needsAttention, let reason = pr.reason else {
            // Whoever names what he was shown was shown something that waited.
            let code: ExitCode = seen.isNothing ? .failed : .changedMeanwhile
            throw Decision.refusal(pr, "\(pr.standing) and waits for no approval", code: code)
        }
        switch reason.kind {
        case .approval:
            guard rules.isEmpty else { throw Decision.refusal(pr, "is stopped by no guard that could be overruled") }
            return pr.head
        case .guard:
            try requireAll(rules, reason, pr)
            return pr.withheld ?? pr.head
        case .shadow:
            throw Decision.refusal(
                pr, "\(pr.standing): nothing lands in shadow. Raise `autonomy` in .factory/config.yml and push it")
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
}

/// What the person says to have been shown.
struct Seen: Sendable {
    var certificate: String?
    var plan: String?
    var head: String?

    var isNothing: Bool { certificate == nil && plan == nil && head == nil }

    /// Throws `UsageError` for an id that is too short to mean one thing.
    init(_ arguments: Arguments) throws {
        certificate = arguments.value("certificate")
        plan = arguments.value("plan")
        head = arguments.value("head")
        for (option, id) in [("certificate", certificate), ("plan", plan), ("head", head)] {
            guard let id, id.utf8.count < 7 else { continue }
            throw UsageError("--\(option) needs at least 7 digits of the \(option == "head" ? "commit" : "id")")
        }
    }

    func require(_ id: String?, _ option: String, is now: String?, of pr: PullRequest) throws {
        guard let id else { return }
        guard let now, now.hasPrefix(id.lowercased()) else {
            let what = now.map { "it is about \($0.prefix(9)) now" } ?? "nothing of that kind waits now"
            throw CommandFailure(
                "\(pr.number) has changed meanwhile (\(option)): \(what). Look at it again, then decide again",
                code: .changedMeanwhile)
        }
    }
}

/// Finds what waits for a person's approval, and makes sure that it is what the person was shown.
struct Approved: Sendable {
    let decision: Decision
    let pr: PullRequest
    let history: [RecordedEntry]
    let seen: Seen

    /// What is approved, and what the approval is bound to, a line each. Throws with exit code 6 when anything has moved.
    func find() async throws -> (what: Approvable, notes: [String]) {
        let check = ApprovalCheck(
            hub: decision.store, floors: FloorCatalog(store: decision.store, directory: decision.home.floor))
        guard pr.reason?.stage == .planReview else { return try await certificate(check) }
        try seen.require(seen.certificate, "--certificate", is: nil, of: pr)
        guard let plan = pr.approvedPlan else { throw moved(["its plan is no longer approved"]) }
        try seen.require(seen.plan, "--plan", is: plan.plan.hex, of: pr)
        let moved = try await check.moved(pr, plan, history)
        guard moved.isEmpty else { throw self.moved(moved) }
        return (.plan(plan), ["bound to plan \(plan.plan.short) and spec \(plan.spec.short)"])
    }

    private func certificate(_ check: ApprovalCheck) async throws -> (what: Approvable, notes: [String]) {
        try seen.require(seen.plan, "--plan", is: nil, of: pr)
        let id = pr.proposal?.certification.id
        try seen.require(seen.certificate, "--certificate", is: id?.hex, of: pr)
        guard let id, let certificate = Story(history: history).certificate(id) else {
            throw moved(["no certificate stands for it as it is now"])
        }
        let moved = try await check.moved(pr, certificate, history)
        guard moved.isEmpty else { throw self.moved(moved) }
        let view = CertificateView(id: id, certificate: certificate)
        return (
            .certificate(id),
            ["bound to certificate \(id.short): \(view.bound)"] + view.human.map { "judged by you: \($0)" }
        )
    }

    private func moved(_ what: [String]) -> CommandFailure {
        let number = pr.number.value
        let again =
            pr.reason?.stage == .planReview
            ? "`factory retry \(number)` has it planned and reviewed anew"
            : "`factory retry \(number)`, then `factory run`, has it tested and certified as it is now; no agent is asked "
                + "unless the code itself is another"
        return CommandFailure(
            "\(pr.number) has changed since you were shown it: \(what.joined(separator: "; ")). Nothing was approved. "
                + again, code: .changedMeanwhile)
    }
}
