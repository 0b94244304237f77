/// Where a person is asked, whatever the degree of autonomy.
package struct Gate: Hashable, Sendable {
    /// What waits for the person.
    package enum Place: String, CaseIterable, Sendable {
        /// The first session of the implementer: the person reads the plan.
        case implementation
        /// The landing: the person reads the change.
        case merge
    }
    package var before: Place
    /// Kinds of specs, such as `feature`; empty: every kind.
    package var kinds: [String] = []
    /// It stands when the change touches one of these; empty: whatever it touches.
    package var paths: [Glob] = []

    package init(before: Place) { self.before = before }

    /// Whether it stands in the way of this kind of spec, whatever its change touches.
    package func concerns(_ kind: String) -> Bool { kinds.isEmpty || kinds.contains(kind) }

    /// The first path of a change that it stands for; nil when none is, or when it asks for none.
    package func touched(by paths: [RepoPath]) -> RepoPath? {
        paths.first { path in self.paths.contains { $0.matches(path) } }
    }
}

/// What an approval of a landing stands for.
package enum ApprovalTerms: String, CaseIterable, Sendable {
    /// The certificate as it was shown: another candidate tree is another landing.
    case certificate
    /// The change as it was shown: it may land on a main branch that has moved elsewhere, once it is tested there.
    case change
}

extension Configuration {
    /// Whether a person reads the plan of this kind of spec before it is implemented.
    package func asksBeforeImplementation(_ kind: String) -> Bool {
        gates.contains { $0.before == .implementation && $0.concerns(kind) }
    }

    /// Why a person is asked before a change lands; nil when nobody is.
    package func asksBeforeMerge(_ kind: String, _ paths: [RepoPath]) -> String? {
        for gate in gates where gate.before == .merge && gate.concerns(kind) {
            if let path = gate.touched(by: paths) { return "`gates` asks for a person's approval of \(path)" }
            if gate.paths.isEmpty { return "`gates` asks for a person's approval before landing" }
        }
        return nil
    }
}
