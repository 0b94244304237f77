import FactoryCore
import FactoryTestSupport
import Testing

@Suite struct GuardPolicyTests {
    private let stub = Violation(rule: "stub", message: "not done", path: RepoPath("src/a.py"))
    private let secret = Violation(rule: "secret", message: "a key", path: RepoPath("src/a.py"))
    private let dependency = Violation(
        rule: "new-dependency", message: "takes on requests", path: RepoPath("pyproject.toml"), subject: "requests")

    private static let head = CommitID(String(repeating: "a", count: 40))
    private static let later = CommitID(String(repeating: "b", count: 40))

    private func policy(
        _ levels: [String: GuardLevel] = [:], allows: [String] = [], overrides: [String] = []
    ) throws -> GuardPolicy {
        var settings = GuardSettings()
        settings.levels = levels
        return GuardPolicy(
            settings: settings, allows: try allows.map { try Allowance($0) },
            overrides: overrides.map { Override(rule: $0, by: "ann", head: Self.head) }, head: Self.head)
    }

    @Test func `the level says what follows`() throws {
        #expect(try policy().judge([stub]).parking == [stub])
        #expect(try policy(["stub": .warn]).judge([stub]).warnings == [stub])
        #expect(try policy(["stub": .off]).judge([stub]) == Judgement())
        #expect(try policy(["stub": .off]).asked(Guards.all).contains { $0.id == "stub" } == false)
        #expect(try policy().judge([Violation(rule: "watched-path", message: "")]).warnings.count == 1)
    }

    @Test func `no level, and no allowance that was slipped in, moves what always parks`() throws {
        for rule in Guards.rules where rule.isFixed {
            let violation = Violation(rule: rule.id, message: "x")
            let settings = try policy([rule.id: .off]).settings
            let sly = GuardPolicy(settings: settings, allows: [Allowance(rule: rule.id)])
            #expect(sly.judge([violation]).parking == [violation], "\(rule.id)")
        }
        #expect(
            Set(Guards.rules.filter(\.isFixed).map(\.id)) == [
                "secret", "protected-path", "reviewed-head", "approved-text", "foreign-path", "escaping-symlink",
                "unsupported-content",
            ])
    }

    @Test func `an override lifts what always parks, for its rule alone`() throws {
        let judgement = try policy(overrides: ["secret"]).judge([secret, stub])
        #expect(judgement.overridden == [secret] && judgement.parking == [stub])
    }

    /// An override as it was given for a head, with what was shown.
    private static func overruled(_ shown: Violation, head: CommitID = head) -> Override {
        var override = Override(rule: shown.rule, by: "ann", head: head)
        override.objections = [Override.Objection(shown)]
        return override
    }

    private static func owners(_ content: Int?, at path: String = ".github/CODEOWNERS") -> Violation {
        var violation = Violation(rule: "protected-path", message: "whatever", path: RepoPath(path))
        violation.content = content.map { .numbered($0) }
        return violation
    }

    @Test(arguments: [
        (owners(1), true), (owners(2), false), (owners(nil), false), (owners(1, at: ".factory/config.yml"), false),
        (Violation(rule: "secret", message: "", path: RepoPath(".github/CODEOWNERS")), false),
    ])
    func `of a later head an override covers what was shown, as long as it is untouched`(
        _ found: Violation, _ covers: Bool
    ) {
        let override = Self.overruled(Self.owners(1))
        for head in [Self.later, nil] {
            let policy = GuardPolicy(settings: GuardSettings(), overrides: [override], head: head)
            #expect(policy.judge([found]).overridden == (covers ? [found] : []))
            #expect(policy.judge([found]).parking == (covers ? [] : [found]))
        }
    }

    @Test func `of its own head an override covers what was shown, and nothing that comes beside it`() {
        let policy = GuardPolicy(
            settings: GuardSettings(), overrides: [Self.overruled(Self.owners(1))], head: Self.head)
        #expect(policy.isOverruled(Self.owners(nil)))
        #expect(!policy.isOverruled(Self.owners(1, at: ".factory/config.yml")))
    }

    @Test func `what is about no path is overruled for one head`() {
        let size = Violation(rule: "diff-size", message: "3000 lines")
        let override = Self.overruled(size)
        #expect(override.covers(Violation(rule: "diff-size", message: "3000 added"), at: Self.head))
        #expect(!override.covers(size, at: Self.later) && !override.covers(size, at: nil))
    }

    @Test func `an override that names no objections holds for the head that it was given for`() {
        let old = Override(rule: "protected-path", by: "ann", head: Self.head)
        #expect(old.covers(Self.owners(1), at: Self.head))
        #expect(!old.covers(Self.owners(1), at: Self.later) && !old.covers(Self.owners(1), at: nil))
        #expect(!Override(rule: "protected-path", by: "ann").covers(Self.owners(1), at: nil))
    }

    @Test func `a path is known again by how people read it, and one without content in any`() {
        var odd = Violation(rule: "protected-path", message: "", path: RepoPath(bytes: [0x78, 0x0A, 0xE9]))
        odd.content = .numbered(1)
        var told = odd
        told.path = RepoPath(odd.path?.description ?? "")
        #expect(Self.overruled(told).covers(odd, at: Self.later))
        told.content = nil
        #expect(Self.overruled(told).covers(odd, at: Self.later))
    }

    @Test func `objections are placed by the change that they are about`() {
        let change = change(file("a.py", nil, "x\n"), file("b.py", "x\n", nil))
        let placed = change.placing(
            ["a.py", "b.py", "c.py"].map { Violation(rule: "stub", message: "", path: RepoPath($0)) })
        #expect(placed.map(\.content) == [change.files[0].after?.blob, .nothing, nil])
    }

    @Test(arguments: [
        ("stub", true), ("stub:src/**", true), ("stub: src/a.py ", true), ("stub:a.py", true), ("stub:lib/**", false),
        ("deleted-test", false), ("new-dependency:requests", false),
    ])
    func `a spec allows a rule, or a rule for some paths`(_ entry: String, _ allows: Bool) throws {
        let judgement = try policy(allows: [entry]).judge([stub])
        #expect(judgement.allowed.map(\.violation) == (allows ? [stub] : []))
        #expect(judgement.parking == (allows ? [] : [stub]))
    }

    @Test func `a spec allows a dependency by its name`() throws {
        #expect(try policy(allows: ["new-dependency:requests"]).judge([dependency]).parking == [])
        #expect(try policy(allows: ["new-dependency:flask"]).judge([dependency]).parking == [dependency])
    }

    @Test(arguments: [
        ("stubb", AllowanceError.unknown("stubb")), ("", .unknown("")), ("secret", .forbidden("secret")),
        ("protected-path:.github/**", .forbidden("protected-path")), ("floor-only", .forbidden("floor-only")),
        ("unanswered-item", .forbidden("unanswered-item")), ("stub:", .empty("stub")),
    ])
    func `what no spec may say is refused`(_ entry: String, _ error: AllowanceError) {
        #expect(throws: error) { try Allowance(entry) }
    }

    @Test func `a certificate says of every rule how it judged, and under which level`() throws {
        let policy = try policy(
            ["large-file": .off, "diff-size": .warn], allows: ["new-dependency:requests"], overrides: ["secret"])
        let size = Violation(rule: "diff-size", message: "large")
        let verdicts = policy.judge([secret, dependency, size]).verdicts(under: policy)
        func verdict(_ rule: String) -> GuardVerdict? { verdicts.first { $0.rule == rule } }
        #expect(verdicts.map(\.rule) == Guards.rules.map(\.id))
        #expect(verdict("secret")?.verdict == .overridden && verdict("secret")?.objections == [secret])
        #expect(verdict("new-dependency")?.allowedBy == ["new-dependency:requests"])
        #expect(
            verdict("diff-size") == GuardVerdict(rule: "diff-size", level: .warn, verdict: .warned, objections: [size]))
        #expect(verdict("large-file") == GuardVerdict(rule: "large-file", level: .off, verdict: .off))
        #expect(verdict("stub") == GuardVerdict(rule: "stub", level: .park, verdict: .passed))
    }

    @Test func `one rule may fare in two ways`() throws {
        let other = Violation(rule: "stub", message: "not done", path: RepoPath("lib/b.py"))
        let policy = try policy(["stub": .warn], allows: ["stub:src/**"])
        let verdicts = policy.judge([stub, other]).verdicts(under: policy).filter { $0.rule == "stub" }
        #expect(verdicts.map(\.verdict) == [.allowed, .warned])
        #expect(verdicts.map(\.objections) == [[stub], [other]])
    }

    @Test func `every rule says what it objects to`() {
        for rule in Guards.rules {
            #expect(
                rule.summary.count > 10 && !rule.summary.contains("\n") && !rule.summary.contains("|"), "\(rule.id)")
        }
    }
}
