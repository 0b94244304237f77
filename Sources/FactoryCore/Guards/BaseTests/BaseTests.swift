/// What a change does to the tests of the main branch: which of them it may not change, and what has to be put back to
/// run the main branch's tests on the change's own sources.
package struct BaseTests: Sendable {
    /// The rule of tests that stay and are not what they were.
    package static let changed = "changed-test"
    /// The rule of tests that are gone; the guard of landing has the same.
    package static let deleted = "deleted-test"
    /// The rule of the main branch's tests that fail on the change.
    package static let rule = "base-tests"

    /// What a change of tests passes beside the guards.
    package static let rules = [
        GuardRule(id: changed, summary: "a test that is not what the main branch has"),
        GuardRule(id: rule, summary: "checks that are red with the main branch's tests in place of the change's own"),
    ]

    /// Tests that the change alters or deletes and the spec does not name.
    package let violations: [Violation]
    /// Files that the change alters or deletes, to be put back as they were.
    package let restored: [RepoPath]
    /// Files that the change brings and that are to be taken away meanwhile.
    package let removed: [RepoPath]

    /// Every path that is to be as the main branch has it; empty when no second run is due.
    package var paths: [RepoPath] { (restored + removed).sorted() }

    /// `change` goes from the main branch to the candidate.
    package init(of change: Change, allowed: Leave) {
        violations = Self.objections(TestDelta(of: change), allowed)
        let files = change.files.compactMap { file -> (file: FileChange, kind: TestFile)? in
            let version = file.before ?? file.after
            return TestFile(file.path, content: version?.content).map { (file, $0) }
        }
        let weighed = files.filter { $0.file.before != nil && !AddedTests.alone(in: $0.file) }
        let kept = weighed.filter { Self.isAllowed($0.file.path, allowed) }
        let restored = weighed.map(\.file.path).filter { !Self.isAllowed($0, allowed) }
        let added = files.filter { $0.file.before == nil && !Self.isAllowed($0.file.path, allowed) }
        let steering = added.filter { $0.kind == .steering || Meddling.isFound(in: $0.file.after?.content ?? []) }
        // New tests may need what was put back in its new form. What the spec opens may need what is new.
        let isDue = !restored.isEmpty || !steering.isEmpty
        let brought = kept.isEmpty ? added : steering
        self.restored = restored
        self.removed = isDue ? brought.map(\.file.path) : []
    }

    private static func isAllowed(_ path: RepoPath, _ allowed: Leave) -> Bool {
        [rule, changed, deleted].contains { allowed.mentions($0, at: path) }
    }

    private static func objections(_ tests: TestDelta, _ allowed: Leave) -> [Violation] {
        func objection(_ rule: String, _ entry: TestDelta.Entry, _ what: String) -> Violation? {
            guard !allowed.covers(rule, at: entry.path, test: entry.test.name) else { return nil }
            return Violation(
                rule: rule,
                message:
                    "the \(entry.language) test `\(entry.test.name)` of \(entry.path) \(what); where that is meant, "
                    + "the spec says so: `allows: [\"\(rule):\(entry.path)::\(entry.test.name)\"]`",
                path: entry.path, subject: entry.test.name)
        }
        return tests.changed.compactMap { objection(changed, $0, "is not what the main branch has") }
            + tests.lost.compactMap { objection(deleted, $0, "is gone") }
    }
}

extension BaseTests {
    /// Everything that stands against the change, by how the checks ended on the main branch's tests.
    package func objections(_ result: BaseTestResult?) -> [Violation] {
        let red = (result?.checks ?? []).filter { !$0.passes }
        // Tests that are gone are objected to by the guard of that name.
        return violations.filter { $0.rule != Self.deleted }
            + (red.isEmpty ? [] : objections(because: red.map { "\($0.name) failed" }.joined(separator: "; ")))
    }

    /// The objection that the checks are red with the main branch's tests, a sentence for each file of theirs.
    package func objections(because summary: String) -> [Violation] {
        paths.map { path in
            let how =
                removed.contains(path)
                ? "without \(path), which the main branch lacks" : "with \(path) of the main branch"
            return Violation(
                rule: Self.rule,
                message: "\(how) the checks are red (\(summary)); where the spec is to change it, it says so: "
                    + "`allows: [\"\(Self.rule):\(path)\"]`",
                path: path)
        }
    }
}

extension Leave {
    /// What the approved spec allows; nothing without one.
    package init(_ spec: Spec?) { self.init((spec?.allows ?? []).map(\.description)) }
}
