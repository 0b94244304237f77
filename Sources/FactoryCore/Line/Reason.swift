/// Why a PR is parked: the rule that stopped it, a sentence, and the evidence.
package struct Reason: Hashable, Sendable {
    /// What stopped it.
    package enum Kind: String, CaseIterable, Sendable {
        /// A stage sent the PR back more often than it may.
        case returns
        /// A stage failed more often than it may.
        case failed
        /// The agent cannot work before a person acts: no login, no such model.
        case agent
        /// It waited longer, or more often, or dearer than it may.
        case deferred
        /// The line died in one stage too often.
        case interrupted
        /// An agent asks, or says that it cannot go on.
        case question
        /// A guard objects.
        case `guard`
        /// A cap on money, tokens or minutes is spent.
        case budget
        /// A person must approve.
        case approval
        /// It would have landed, but the line may not land.
        case shadow
        /// There is nothing left to land.
        case contained
        /// The main branch was rewritten under the PR.
        case baseLost = "base-lost"
        /// The main branch kept moving.
        case contention
        /// A person parked it.
        case person
    }
    package var kind: Kind
    /// The rule in short, such as `code-review: at most 2 returns` or a guard's id.
    package var rule: String
    package var message: String
    package var evidence: [Violation]
    /// The stage that stopped; nil when a person did it.
    package var stage: Stage?

    /// Pieces of evidence that are kept; the entry has all.
    static let evidenceLimit = 50

    package init(
        kind: Kind, rule: String, message: String, evidence: [Violation] = [], stage: Stage? = nil
    ) {
        self.kind = kind
        self.rule = rule
        self.message = message
        self.evidence = evidence
        self.stage = stage
    }
}
