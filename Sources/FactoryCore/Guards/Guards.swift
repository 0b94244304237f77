/// All guards of landing, and their common verdict.
package enum Guards {
    /// In the order in which their objections are shown.
    package static let all: [any Guard] = [
        ProtectedPath(), FloorOnly(), EscapingSymlink(), UnsupportedContent(), AddedSecret(), ConflictMarker(),
        DeletedTest(), SkippedTest(), BinaryFile(), LargeFile(), DiffSize(),
    ]

    /// The objections of every guard; none means that the change passes.
    package static func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        all.flatMap { $0.judge(change, in: context) }
    }
}
