/// What a person wants done: problem, reproduce, done, context. A value; `FactoryKnowledge` reads it from a file.
package struct Spec: Hashable, Sendable {
    package var id: SpecID
    /// The file in the repository.
    package var path: RepoPath
    /// One line for people.
    package var title: String
    package var kind: SpecKind = .feature
    /// Higher goes first; the default is 0.
    package var priority: Int = 0
    /// The numbers of the specs that must have landed before.
    package var dependsOn: [Int] = []
    /// Specs of one stream are worked one after the other; nil: of none.
    package var stream: String?
    /// What the spec is allowed beyond the usual.
    package var allows: [Allowance] = []
    /// Findings of the spec's own check that its author accepts, each with a reason: `AMB005 the word is the product's`.
    package var lintAllow: [String] = []
    /// Decision records that the text mentions, as it names them: `docs/decisions/0003-x.md`, `ADR-3`, `decision 0003`.
    package var records: [String] = []
    /// What hurts, and whom.
    package var problem: String = ""
    /// Where it can be seen; empty when the text does not say.
    package var reproduce: String = ""
    /// How one will see that it is finished.
    package var done: String = ""
    /// What else matters, and what must not change; empty when the text does not say.
    package var context: String = ""
    /// The done section, item by item. At least one.
    package var doneItems: [DoneItem] = []

    package init(id: SpecID, path: RepoPath, title: String) {
        self.id = id
        self.path = path
        self.title = title
    }

    /// `specs/0007-x.plan.md` for `specs/0007-x.md`.
    package var planPath: RepoPath {
        (path.parent ?? RepoPath("")).appending(Array(id.planFileName.utf8))
    }
}

/// One thing that must be true at the end.
package struct DoneItem: Hashable, Sendable {
    /// `D1`, `D2` … in the order of the text.
    package let id: String
    /// Without the mark `[human]`.
    package let text: String
    /// Marked `[human]`: only a person can tell whether it is met.
    package let isHuman: Bool

    package init(id: String, text: String, isHuman: Bool = false) {
        self.id = id
        self.text = text
        self.isHuman = isHuman
    }
}

/// What sort of change a spec asks for.
package enum SpecKind: String, CaseIterable, Sendable {
    case feature
    case fix
    case chore
    case docs
    /// Changes the floor and nothing else, and never lands without a person's approval.
    case floor
}
