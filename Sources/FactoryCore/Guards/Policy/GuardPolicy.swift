/// What becomes of objections: a pure function of the configuration, the approved spec and a person's overrides.
package struct GuardPolicy: Sendable {
    package let settings: GuardSettings
    /// What the approved spec allows.
    package let allows: [Allowance]
    /// What a person has overruled, each with the head that it was given for.
    package let overrides: [Override]
    /// The head that is judged; nil for work that is none yet.
    package let head: CommitID?

    package init(
        settings: GuardSettings, allows: [Allowance] = [], overrides: [Override] = [], head: CommitID? = nil
    ) {
        self.settings = settings
        self.allows = allows
        self.overrides = overrides
        self.head = head
    }

    /// The level in force of a rule. What is no rule of ours parks.
    package func level(of id: String) -> GuardLevel { Guards.rule(id).map(settings.level) ?? .park }

    /// The guards among these that are not switched off.
    package func asked(_ guards: [any Guard]) -> [any Guard] { guards.filter { level(of: $0.id) != .off } }

    /// Sorts objections: those of rules that are off fall away, then the spec counts, then a person's override, then the
    /// level. A fixed rule heeds the override alone.
    package func judge(_ violations: [Violation]) -> Judgement {
        var judgement = Judgement()
        for violation in violations {
            let level = level(of: violation.rule)
            if level == .off { continue }
            if let entry = allowance(for: violation) {
                judgement.allowed.append(.init(violation: violation, entry: entry))
            } else if isOverruled(violation) {
                judgement.overridden.append(violation)
            } else if level == .warn {
                judgement.warnings.append(violation)
            } else {
                judgement.parking.append(violation)
            }
        }
        return judgement
    }

    /// Whether a person has overruled just this.
    package func isOverruled(_ violation: Violation) -> Bool {
        overrides.contains { $0.covers(violation, at: head) }
    }

    private func allowance(for violation: Violation) -> Allowance? {
        guard Guards.rule(violation.rule)?.isAllowable == true else { return nil }
        return allows.first { $0.covers(violation) }
    }
}

/// Objections, by what follows from them.
package struct Judgement: Hashable, Sendable {
    /// An objection that the spec allows, and the entry that does.
    package struct Allowed: Hashable, Sendable {
        package var violation: Violation
        package var entry: Allowance
    }
    /// Those that park the pull request.
    package var parking: [Violation] = []
    package var warnings: [Violation] = []
    package var allowed: [Allowed] = []
    package var overridden: [Violation] = []

    package init() {}

    /// What a certificate says of every rule there is: one verdict, or several where its objections fared differently.
    package func verdicts(under policy: GuardPolicy) -> [GuardVerdict] {
        Guards.rules.flatMap { verdicts(of: $0.id, at: policy.level(of: $0.id)) }
    }

    private func verdicts(of rule: String, at level: GuardLevel) -> [GuardVerdict] {
        if level == .off { return [GuardVerdict(rule: rule, level: level, verdict: .off)] }
        let mine = allowed.filter { $0.violation.rule == rule }
        var permitted = GuardVerdict(rule: rule, level: level, verdict: .allowed, objections: mine.map(\.violation))
        for entry in mine.map(\.entry.description) where !permitted.allowedBy.contains(entry) {
            permitted.allowedBy.append(entry)
        }
        let found = [
            GuardVerdict(
                rule: rule, level: level, verdict: .overridden, objections: overridden.filter { $0.rule == rule }),
            permitted,
            GuardVerdict(rule: rule, level: level, verdict: .warned, objections: warnings.filter { $0.rule == rule }),
        ].filter { !$0.objections.isEmpty }
        return found.isEmpty ? [GuardVerdict(rule: rule, level: level, verdict: .passed)] : found
    }
}

/// How a rule judged a landing.
package struct GuardVerdict: Hashable, Sendable {
    /// Why its landing was not stopped.
    package enum Verdict: String, CaseIterable, Sendable { case passed, warned, allowed, overridden, off }
    package var rule: String
    /// The level in force.
    package var level: GuardLevel
    package var verdict: Verdict
    /// What it objected to.
    package var objections: [Violation] = []
    /// The entries of the spec that allow it.
    package var allowedBy: [String] = []

    package init(
        rule: String, level: GuardLevel, verdict: Verdict, objections: [Violation] = [], allowedBy: [String] = []
    ) {
        self.rule = rule
        self.level = level
        self.verdict = verdict
        self.objections = objections
        self.allowedBy = allowedBy
    }
}
