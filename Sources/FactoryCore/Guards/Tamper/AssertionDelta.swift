/// What became of the claims of one test.
struct AssertionDelta {
    private(set) var findings: [Weakening] = []
    private let path: RepoPath
    private let name: String

    /// Compares a test that is there on both sides.
    ///
    /// `elsewhere` are claims that arrived in some test: what this one lost may have moved there, and is taken out of
    /// them. `gone` are names that the product declares no longer.
    init(
        _ before: TestDelta.Entry, _ after: TestDelta.Entry, elsewhere: inout Claims, gone: Set<String>
    ) {
        path = after.path
        name = after.test.name
        var (old, new) = Claims.different(before.test.assertions, after.test.assertions)
        addFewerRows(before, after)
        addSelfMade(before, after)
        if old.isEmpty, new.isEmpty { return }
        old.removeAll { $0.strength == .vacuous }
        match(&old, &new) { $0.subject == $1.subject && $0.relation == $1.relation }
        match(&old, &new) { !$0.subject.isEmpty && $0.subject == $1.subject && $1.strength != .vacuous }
        match(&old, &new) { $0.subject == $1.subject && !$0.subject.isEmpty }
        for claim in new where claim.strength == .vacuous { add(vacuous: claim) }
        new.removeAll { $0.strength == .vacuous }
        match(&old, &new) { $0.relation == $1.relation && $0.expected == $1.expected && $1.strength >= $0.strength }
        matchParts(&old, &new)
        let all = after.test.assertions
        let values = after.test.isTable || after.words.contains("for") ? after.literals : []
        old.removeAll { claim in
            claim.relation == "fails" && claim.isConditional || elsewhere.take(claim)
                || Self.isCovered(claim, by: all, arrived: new)
                || !gone.isDisjoint(with: Tokens.of(Array(claim.subject.utf8)[...], isFolded: false))
                || (!claim.literals.isEmpty && Literals.of(claim.subject + " " + claim.expected).isSubset(of: values))
        }
        judge(old, new, all, before.test.assertions)
    }

    /// A test that is new: what it claims must be able to fail.
    init(added entry: TestDelta.Entry) {
        path = entry.path
        name = entry.test.name
        for claim in entry.test.assertions where claim.strength == .vacuous { add(vacuous: claim) }
    }

    /// Takes pairs out of both that are claims about the same, and objects where the later one rules out less.
    private mutating func match(
        _ old: inout [Assertion], _ new: inout [Assertion], by isSame: (Assertion, Assertion) -> Bool
    ) {
        old = old.filter { before in
            guard let index = new.firstIndex(where: { isSame(before, $0) }) else { return true }
            let after = new.remove(at: index)
            compare(before, after)
            return false
        }
    }

    /// Takes out claims about a whole of which only parts are looked at now, and objects if they say less of it.
    private mutating func matchParts(_ old: inout [Assertion], _ new: inout [Assertion]) {
        old = old.filter { whole in
            guard whole.relation == "eq", !whole.literals.isEmpty else { return true }
            let isPart = { (claim: Assertion) in
                claim.subject.hasPrefix(whole.subject + ".") || claim.subject.hasPrefix(whole.subject + "[")
                    || claim.subject == "len(\(whole.subject))"
            }
            let parts = new.filter(isPart)
            guard let first = parts.first else { return true }
            let values = parts.reduce(into: Set<String>()) { $0.formUnion($1.literals) }
            if !whole.literals.isSubset(of: values) { add(.weakerAssertion, whole, first, "which looks at a part") }
            new.removeAll(where: isPart)
            return false
        }
    }

    /// Rows of a table, or values that a loop goes through, that are nowhere in the source any more.
    private mutating func addFewerRows(_ before: TestDelta.Entry, _ after: TestDelta.Entry) {
        let rows = before.test.isTable ? before.literals : Self.looped(before)
        guard !rows.isEmpty, after.literals.isStrictSubset(of: before.literals) else { return }
        let was = rows.subtracting(after.literals)
        let missing = was.subtracting(Literals.of(after.source.squeezed(0..<after.source.text.count)))
        guard let first = missing.sorted().first else { return }
        let value = first.hasPrefix("\"") ? first + "\"" : first
        findings.append(
            Weakening(
                signal: .fewerAssertions,
                message: "the test `\(name)` in \(path) runs for fewer values: `\(value)` is gone", path: path,
                line: after.test.line, subject: name))
    }

    /// The values in the lists that loops of a test go through.
    private static func looped(_ entry: TestDelta.Entry) -> Set<String> {
        let text = entry.source.squeezed(entry.test.region)
        return ["in[", "of["].reduce(into: Set<String>()) { values, opening in
            for list in text.split(separator: opening).dropFirst() {
                values.formUnion(Literals.of(String(list.prefix { $0 != "]" })))
            }
        }
    }

    /// Expectations that are computed by what they are to judge, and a function under test that is patched away.
    private mutating func addSelfMade(_ before: TestDelta.Entry, _ after: TestDelta.Entry) {
        let text = after.source.squeezed(after.test.region)
        let was = before.source.squeezed(before.test.region)
        if text == was { return }
        for claim in after.test.assertions where claim.relation == "eq" {
            let made = claim.expected + "=" + claim.subject
            if !claim.expected.isEmpty, !Literals.isLiteral(claim.expected), text.contains(made), !was.contains(made),
                !text.contains("=" + made)
            {
                add(
                    selfMade: "`\(claim.text)` of the test `\(name)` in \(path) compares the product with itself", claim
                )
            }
        }
        for piece in text.split(separator: "patch(\"").dropFirst() {
            let target = piece.prefix { $0 != "\"" }.split(separator: ".").last.map(String.init) ?? ""
            let tested = after.test.assertions.first { $0.subject.hasPrefix(target + "(") }
            if let tested, !target.isEmpty, !was.contains(".\(target)\"") {
                add(selfMade: "the test `\(name)` in \(path) patches `\(target)`, which it tests", tested)
            }
        }
    }

    private mutating func add(selfMade message: String, _ claim: Assertion) {
        findings.append(
            Weakening(signal: .vacuousAssertion, message: message, path: path, line: claim.line, subject: name))
    }

    private mutating func compare(_ before: Assertion, _ after: Assertion) {
        if after.strength == .vacuous {
            add(.vacuousAssertion, before, after, after.flaw ?? "which holds whatever the product does")
        } else if after.strength == .near, before.strength > .near {
            add(.looserTolerance, before, after, "which allows a tolerance")
        } else if after.strength < before.strength {
            add(.weakerAssertion, before, after, "which claims less")
        } else if let was = before.slack, let now = after.slack, before.relation == after.relation,
            now > was + abs(was) * 1e-9
        {
            let isTolerance = before.relation == "near"
            add(
                .looserTolerance, before, after, isTolerance ? "which allows more" : "a looser bound",
                isWeak: !isTolerance)
        } else if after.isConditional, !before.isConditional {
            add(.weakerAssertion, before, after, "now only under a condition")
        }
    }

    private func abs(_ value: Double) -> Double { value < 0 ? -value : value }

    private mutating func add(
        _ signal: Signal, _ before: Assertion, _ after: Assertion, _ why: String, isWeak: Bool = false
    ) {
        let message =
            before.text == after.text
            ? "`\(after.text)` of the test `\(name)` in \(path): \(why)"
            : "`\(before.text)` of the test `\(name)` in \(path) became `\(after.text)`, \(why)"
        findings.append(
            Weakening(signal: signal, message: message, path: path, line: after.line, subject: name, isWeak: isWeak))
    }

    private mutating func add(vacuous claim: Assertion) {
        let why = claim.flaw ?? "it holds whatever the product does"
        findings.append(
            Weakening(
                signal: .vacuousAssertion,
                message: "`\(claim.text)` of the test `\(name)` in \(path) claims nothing: \(why)",
                path: path, line: claim.line, subject: name))
    }

    /// What is left on both sides: fewer claims, or as many weaker ones.
    private mutating func judge(
        _ old: [Assertion], _ new: [Assertion], _ all: [Assertion], _ was: [Assertion]
    ) {
        if let first = old.first, old.count > new.count {
            let message =
                "the test `\(name)` in \(path) made \(was.count) assertions and makes \(all.count): `\(first.text)` is gone"
            findings.append(
                Weakening(signal: .fewerAssertions, message: message, path: path, line: all.first?.line, subject: name))
            return
        }
        let before = old.sorted { $0.strength > $1.strength }
        let after = new.sorted { $0.strength > $1.strength }
        guard let (strong, weak) = zip(before, after).first(where: { $0.strength > $1.strength }) else { return }
        let hasStrong = all.contains { $0.strength >= .near }
        add(.weakerAssertion, strong, weak, "which claims less", isWeak: hasStrong || strong.strength < .near)
    }

    /// Whether a stronger claim about the same, or one that arrived and holds the same values, makes a claim needless.
    private static func isCovered(_ claim: Assertion, by all: [Assertion], arrived: [Assertion]) -> Bool {
        let isNeedless = claim.relation == "present" && !claim.subject.isEmpty
        if isNeedless, all.contains(where: { $0.strength > .present && $0.subject.hasPrefix(claim.subject) }) {
            return true
        }
        let values = claim.literals
        return !values.isEmpty
            && arrived.contains { $0.strength >= claim.strength && values.isSubset(of: $0.literals) }
    }
}
