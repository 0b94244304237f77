/// All that a change does to weaken what keeps the product right, found once for all rules that tell of it.
package struct Tampering: Sendable {
    /// The objections, in the order of the signals.
    package let violations: [Violation]

    /// Judges a change.
    package init(of change: Change) {
        let sources = ChangedSources(of: change)
        let tests = TestDelta(of: sources)
        var findings = Self.tests(tests) + Self.assertions(tests, sources)
        findings += MarkDelta(of: change).findings + ConfigDelta(of: change).findings
        findings += TestTargetDelta.findings(of: change) + EarlyExit.findings(of: change)
        findings += SnapshotDelta.findings(of: change) + DisguisedSkips.findings(in: change)
        findings += sources.tests.flatMap(MockedSubject.findings)
        // What may be honest beside a change of the product is not where the product stays as it is.
        if findings.contains(where: \.isWeak), sources.changesProduct { findings.removeAll(where: \.isWeak) }
        var seen: Set<Violation> = []
        violations = findings.map(\.violation).filter { seen.insert($0).inserted }
    }

    private static func tests(_ tests: TestDelta) -> [Weakening] {
        let lost = tests.lost.map { entry in
            let isLast = tests.bare.contains(entry.path)
            let last = isLast ? "; no test remains in \(entry.path)" : ""
            return Weakening(
                signal: isLast ? .lastDeleted : .deleted,
                message:
                    "the \(entry.language) test `\(entry.test.name)` of \(entry.path), line \(entry.test.line) before, is gone\(last)",
                path: entry.path, subject: entry.test.name)
        }
        let skips = tests.skips.map { path, skip in
            Weakening(
                signal: .skipped, message: "\(path) keeps tests from counting with `\(skip.mark)`", path: path,
                line: skip.line)
        }
        let emptied = tests.emptied.map { entry in
            Weakening(
                signal: .skipped,
                message: "the \(entry.language) test `\(entry.test.name)` of \(entry.path) does nothing any more",
                path: entry.path, line: entry.test.line, subject: entry.test.name)
        }
        return lost + skips + emptied + conditions(tests) + allSkipped(tests)
    }

    /// Tests that are there only under a condition now.
    private static func conditions(_ tests: TestDelta) -> [Weakening] {
        tests.kept.filter { !$0.before.test.isConditional && $0.after.test.isConditional }.map { _, after in
            Weakening(
                signal: .skipped,
                message:
                    "the \(after.language) test `\(after.test.name)` of \(after.path) is there only under a condition",
                path: after.path, line: after.test.line, subject: after.test.name)
        }
    }

    private static func allSkipped(_ tests: TestDelta) -> [Weakening] {
        let touched = tests.added + tests.kept.filter { $0.before.test.body != $0.after.test.body }.map(\.after)
        let runners = touched.filter { $0.test.line > 0 }
        guard let first = runners.first, runners.allSatisfy(\.test.isSkipped) else { return [] }
        return [
            Weakening(
                signal: .allSkipped,
                message:
                    "every test that the change adds or touches is skipped, such as `\(first.test.name)` of \(first.path)",
                path: first.path, line: first.test.line)
        ]
    }

    private static func assertions(_ tests: TestDelta, _ sources: ChangedSources) -> [Weakening] {
        var elsewhere = Claims()
        for (before, after) in tests.kept { elsewhere.add(before.test.assertions, after.test.assertions) }
        for entry in tests.added { elsewhere.add(new: entry.test.assertions) }
        // A function that no test beside it calls claims something only if a test elsewhere names it.
        let callers = tests.kept.map(\.after) + tests.added
        for entry in tests.addedHelpers
        where callers.contains(where: { $0.path != entry.path && $0.words.contains(entry.test.name) }) {
            elsewhere.add(new: entry.test.assertions)
        }
        let gone =
            tests.kept.contains { $0.before.test.assertions != $0.after.test.assertions } ? sources.goneNames : []
        var findings: [Weakening] = []
        for (before, after) in tests.kept where before.test.body == nil || after.test.body != nil {
            findings += AssertionDelta(before, after, elsewhere: &elsewhere, gone: gone).findings
        }
        return findings + (tests.added + tests.addedHelpers).flatMap { AssertionDelta(added: $0).findings }
    }
}

/// A guard that asks only how a change weakens what keeps the product right.
///
/// Weakening it is the dearest part of all guards, so it is done once.
protocol TamperGuard: Guard {}

extension TamperGuard {
    /// The objections among those that were found.
    func judge(_ tampering: Tampering) -> [Violation] { tampering.violations.filter { $0.rule == id } }

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] { judge(Tampering(of: change)) }
}
