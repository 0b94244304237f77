import FactoryCore

/// A command that goes on from where a PR stands, and what it does.
struct WayOn: Hashable, Sendable {
    let command: String
    let means: String

    init(_ command: String, _ means: String) {
        self.command = command
        self.means = means
    }

    var json: JSON { .object(["command": .string(command), "means": .string(means)]) }
}

extension WayOn {
    /// What a person can do about a parked PR, the likeliest first.
    static func list(
        _ reason: Reason, number: Int, spec: String, resume: State?, certificate: BlobID? = nil
    ) -> [WayOn] {
        let stage = (resume ?? .queued).rawValue
        let retry = WayOn("factory retry \(number) --note \"...\"", "back to \(stage) with your note")
        let plain = WayOn("factory retry \(number)", "go on at \(stage)")
        let close = WayOn("factory close \(number)", "give it up")
        let again = WayOn("factory submit \(spec)", "start over from the spec as it is on your disk")
        switch reason.kind {
        case .question where reason.stage == .merge:
            // An answer would become part of the plan, and the change would be another one than was reviewed.
            return [
                WayOn("factory retry \(number)", "try again to land it, once what stood in its way is gone"), close,
            ]
        case .question:
            return [WayOn("factory answer \(number) \"...\"", "answer; \(stage) goes on with it"), again, close]
        case .budget:
            let raised = WayOn("factory retry \(number)", "go on at \(stage), once its cap is raised on the hub")
            return [raised, close]
        case .guard:
            let named = WayOn(
                "factory submit \(spec)", "start over, once the spec allows it (`allows:` in its front matter)")
            let isOpen = reason.evidence.allSatisfy { Guards.rule($0.rule)?.isAllowable == true }
            return [override(reason, number), retry] + (isOpen ? [named] : []) + [close]
        case .approval where reason.stage == .planReview:
            let back = WayOn("factory retry \(number) --note \"...\"", "plan again with your note")
            let read = WayOn("factory show \(number) --plan", "read the plan")
            return [WayOn("factory approve \(number)", "let exactly this plan be implemented"), read, back, close]
        case .approval:
            let exactly = certificate.map { " --certificate \($0.short)" } ?? ""
            let back = WayOn(
                "factory retry \(number) --from implementation --note \"...\"", "send it back with your note")
            let approve = WayOn("factory approve \(number)\(exactly)", "let exactly this land")
            return [approve, back, close]
        case .shadow:
            return [
                WayOn("factory show \(number) --certificate", "see what would have landed"),
                WayOn("factory run", "let it land, or wait for you, once `autonomy` is raised on the hub"), close,
            ]
        case .returns where reason.stage == .merge:
            let unchanged = WayOn(
                "factory retry \(number) --from merge", "land it as it is, once what stood in its way is gone")
            return [retry, unchanged, again, close]
        case .returns, .failed: return [retry, again, close]
        case .agent, .deferred, .interrupted, .contention:
            return [plain, WayOn("factory doctor", "look what is wrong here"), close]
        case .contained:
            let plan = WayOn("factory retry \(number) --note \"...\"", "plan again, if something is still missing")
            return [close, plan]
        case .baseLost: return [again, close]
        case .person: return [plain, close]
        }
    }

    private static func override(_ reason: Reason, _ number: Int) -> WayOn {
        let rules = reason.overridable
        return WayOn(
            "factory approve \(number) --override \(rules.joined(separator: ","))",
            "overrule \(rules.count == 1 ? "this rule" : "these rules") for this one")
    }
}

extension Reason {
    /// The rules that an approval has to overrule, each once.
    var overridable: [String] { evidence.map(\.rule).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
