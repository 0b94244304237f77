/// Trips on tests that exist before the change and nowhere after it.
package struct DeletedTest: TestGuard {
    package let id = "deleted-test"
    package let summary = "tests that are gone: Swift, Python, JavaScript, TypeScript"

    package init() {}

    func judge(_ tests: TestDelta) -> [Violation] {
        tests.lost.map { entry in
            Violation(
                rule: id,
                message:
                    "the \(entry.language) test `\(entry.test.name)` of \(entry.path), line \(entry.test.line) before, is gone",
                path: entry.path)
        }
    }
}
