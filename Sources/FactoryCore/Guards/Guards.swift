/// All guards of landing, and their common verdict.
package enum Guards {
    /// In the order in which their objections are shown.
    package static let all: [any Guard] = [
        ProtectedPath(), FloorOnly(), EscapingSymlink(), UnsupportedContent(), AddedSecret(), ConflictMarker(),
        DeletedTest(), SkippedTest(), WeakenedTest(), RewrittenSnapshot(), TestDetection(), LoweredCoverage(),
        SilencedLint(), DefusedCheck(), BinaryFile(), LargeFile(), DiffSize(), ModeChange(), Submodule(), Stub(),
        NewDependency(), ChangedDependency(), GeneratedFile(),
        WeakenedConfiguration(), WatchedPath(),
    ]

    /// Those that judge already when a session's work is taken from its lane, because what they object to should
    /// never become a head.
    package static let atSnapshot: [any Guard] = all.filter { $0.judgesSnapshot }

    /// Every rule that a landing passes, those that no change alone can answer included.
    package static let rules: [GuardRule] = GuardRule.beyondChange + BaseTests.rules + all.map { GuardRule($0) }

    /// The rule of an id; nil when there is none.
    package static func rule(_ id: String) -> GuardRule? { byID[id] }

    private static let byID = Dictionary(rules.map { ($0.id, $0) }) { first, _ in first }

    /// The objections of the guards, of all of them by default; none means that the change passes.
    package static func judge(
        _ change: Change, in context: GuardContext, by guards: [any Guard] = all
    ) -> [Violation] {
        let tampering = guards.contains { $0 is any TamperGuard } ? Tampering(of: change) : nil
        return guards.flatMap { rule in
            if let tampering, let rule = rule as? any TamperGuard { return rule.judge(tampering) }
            return rule.judge(change, in: context)
        }
    }
}
