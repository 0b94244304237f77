/// Trips on tests that exist before the change and nowhere after it.
package struct DeletedTest: Guard {
    package let id = "deleted-test"

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        TestDelta(of: change).lost.map { entry in
            Violation(
                rule: id,
                message:
                    "the \(entry.language) test `\(entry.test.name)` of \(entry.path), line \(entry.test.line) before, is gone",
                path: entry.path)
        }
    }
}
