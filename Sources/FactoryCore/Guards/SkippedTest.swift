/// Trips on tests that stay and no longer count: skip marks that are new, and bodies that were emptied.
package struct SkippedTest: TestGuard {
    package let id = "skipped-test"
    package let summary = "new marks that skip tests, and bodies that were emptied"

    package init() {}

    func judge(_ tests: TestDelta) -> [Violation] {
        let skips = tests.skips.map { path, skip in
            Violation(
                rule: id, message: "\(path) keeps tests from counting with `\(skip.mark)`", path: path, line: skip.line)
        }
        let emptied = tests.emptied.map { entry in
            Violation(
                rule: id,
                message: "the \(entry.language) test `\(entry.test.name)` of \(entry.path) does nothing any more",
                path: entry.path, line: entry.test.line)
        }
        return skips + emptied
    }
}
