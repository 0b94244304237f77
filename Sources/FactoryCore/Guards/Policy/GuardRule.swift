/// What follows when a rule objects.
package enum GuardLevel: String, CaseIterable, Sendable {
    /// The pull request parks.
    case park
    /// It lands, and the objection is told.
    case warn
    /// The rule is not asked.
    case off
}

/// What there is to know of a rule beside its verdict: the row of the table that people read.
package struct GuardRule: Hashable, Sendable {
    /// Lower-case words joined by dashes; configuration, specs and `approve --override` take it.
    package var id: String
    /// What it objects to, as one phrase for people.
    package var summary: String
    /// The level without a word of the configuration.
    package var level: GuardLevel = .park
    /// It always parks, whatever configuration and spec say.
    package var isFixed: Bool = false
    /// A spec may allow what it objects to.
    package var isAllowable: Bool = true
    /// It judges when work is taken from a lane as well, and not at landing alone.
    package var judgesSnapshot: Bool = false

    package init(
        id: String, summary: String, level: GuardLevel = .park, isFixed: Bool = false, isAllowable: Bool = true,
        judgesSnapshot: Bool = false
    ) {
        self.id = id
        self.summary = summary
        self.level = level
        self.isFixed = isFixed
        self.isAllowable = isAllowable
        self.judgesSnapshot = judgesSnapshot
    }

    init(_ rule: some Guard) {
        self.init(
            id: rule.id, summary: rule.summary, level: rule.level, isFixed: rule.isFixed,
            isAllowable: rule.isAllowable && !rule.isFixed, judgesSnapshot: rule.judgesSnapshot)
    }
}

extension GuardRule {
    /// The head must be the one that the code review looked at.
    package static let reviewedHead = GuardRule(
        id: "reviewed-head", summary: "landing a head that the code review did not look at", isFixed: true,
        isAllowable: false)

    /// Spec and plan must be, to the byte, what the plan review approved.
    package static let approvedText = GuardRule(
        id: "approved-text", summary: "a spec or plan that is not, byte for byte, the approved one", isFixed: true,
        isAllowable: false)

    /// The rules that no change alone can answer. They judge at landing.
    static let beyondChange = [reviewedHead, approvedText, UnansweredItem.rule, OwnPaths.rule]
}
