import FactoryCore
import FactoryFiles
import Testing

/// The tests of the main branch against changes that alter them.
@Suite(.serialized) struct `Tests of the main branch` {
    /// A program of one function, and its tests in plain Python, run by hand.
    private static let files = [
        "lib/sum.py": "def add(a, b):\n    return a + b\n",
        "tests/helpers.py": "def same(a, b):\n    assert a == b\n",
        "tests/test_sum.py": """
        import sys
        sys.path[:0] = ["lib", "tests"]
        from helpers import same
        from sum import add


        def test_small():
            same(add(1, 1), 2)


        def test_large():
            same(add(1000, 1), 1001)

        """,
    ]
    /// Runs every function that is a test.
    private static let runner = """
        import glob, importlib.util
        for path in sorted(glob.glob("tests/test_*.py")):
            spec = importlib.util.spec_from_file_location("tests_here", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            for name in sorted(dir(module)):
                if name.startswith("test_"):
                    print(name)
                    getattr(module, name)()

        """
    private static let checks =
        "  - { name: test, run: 'echo run >> \"$TORTURE/checks\"; python3 tools/run.py', env: [TORTURE] }"
    private static let breakIt = "printf 'def add(a, b):\\n    return a - b\\n' > lib/sum.py"
    private static let fitIt = "sed -i 's/, 2)/, 0)/; s/, 1001)/, 999)/' tests/test_sum.py"

    private func world(_ act: String, allows: String = "", configuration: String = "") async throws -> World {
        try await World.play(
            ["implementer": "\(act); implement; finish"], specs: [Play.spec(1, allows)],
            files: Self.files.merging(["tools/run.py": Self.runner]) { $1 }, configuration: configuration,
            checks: Self.checks)
    }

    @Test(.timeLimit(.minutes(1)))
    func `tests that are made to fit broken code park before anybody reviews them`() async throws {
        let world = try await world("\(Self.breakIt); \(Self.fitIt)")
        let reason = try await world.expectParking()
        #expect(reason.rule == "changed-test, base-tests")
        #expect(reason.stage == .implementationCI)
        #expect(Set(reason.evidence.compactMap(\.path?.text)) == ["tests/test_sum.py"])
        #expect(try world.starts(of: .codeReviewer) == 0)
        #expect(try await world.checkRuns() == 3, "what is red with them is asked twice")
        let why = try await world.why()
        #expect(why.contains("`test_small` of tests/test_sum.py"), "\(why)")
        #expect(why.contains("implementation-ci-1/base-tests/test.log"), "\(why)")
        #expect(try world.left("base-tests/test.log", in: "implementation-ci-1")?.contains("AssertionError") == true)
        let shown = try await world.git("show", "refs/factory/pr/1:failures.txt", in: world.journal)
        #expect(shown.contains("AssertionError") && shown.contains("tests/test_sum.py"), "\(shown)")
        #expect(try await world.factory("logs", "1").contains("base-tests/test.log"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a person overrules, and the review comes next without another run`() async throws {
        let world = try await world("\(Self.breakIt); \(Self.fitIt)")
        try await world.expectParking()
        try await world.factory("approve", "1", "--override", "changed-test,base-tests")
        try await world.expectLanding()
        #expect(try world.starts().count == 4)
        #expect(try await world.checkRuns() == 3)
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        #expect(certificate["baseTests"]?["checks"]?.array?.first?["exit"]?.int == 1)
        #expect(certificate["overrides"]?.array?.count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `back at work the implementer is told what the main branch's tests say`() async throws {
        let world = try await world("\(Self.breakIt); \(Self.fitIt)")
        try await world.expectParking()
        try world.rewrite("implementer", "git checkout -q main -- lib/sum.py tests; implement; finish")
        try await world.factory("retry", "1")
        try await world.expectLanding()
        let prompt = try world.prompt(.implementation, 2)
        #expect(prompt.contains("AssertionError") && prompt.contains("test_small"), "\(prompt)")
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["allows: [changed-test]", "allows: [\"changed-test:tests/test_sum.py\"]"])
    func `what the spec names may change`(allows: String) async throws {
        let world = try await world("\(Self.breakIt); \(Self.fitIt)", allows: allows)
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 1)
        #expect(try world.starts().count == 4)
    }

    @Test(.timeLimit(.minutes(1)))
    func `leave for one test holds for that one`() async throws {
        let world = try await world(
            "\(Self.breakIt); \(Self.fitIt)", allows: "allows: [\"changed-test:tests/test_sum.py::test_large\"]")
        let reason = try await world.expectParking()
        #expect(reason.rule == "changed-test")
        #expect(reason.message.contains("test_small"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a helper that looks away is found by the main branch's own`() async throws {
        let world = try await world("\(Self.breakIt); printf 'def same(a, b):\\n    pass\\n' > tests/helpers.py")
        let reason = try await world.expectParking()
        #expect(reason.rule == "base-tests")
        #expect(reason.evidence.map(\.path?.text) == ["tests/helpers.py"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a helper that grows for new tests lands, and both runs are in the certificate`() async throws {
        let world = try await world(
            "echo 'def differ(a, b): assert a != b' >> tests/helpers.py; "
                + "printf 'from helpers import differ\\n\\n\\ndef test_differ():\\n    differ(1, 2)\\n' > tests/test_zz.py"
        )
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 2)
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        #expect(certificate["baseTests"]?["checks"]?.array?.first?["exit"]?.int == 0)
        #expect(certificate["baseTests"]?["tree"]?.string != certificate["tree"]?.string)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "printf '\\n\\ndef test_none():\\n    same(add(0, 0), 0)\\n' >> tests/test_sum.py",
            "printf 'def test_other():\\n    assert sum([1, 2]) == 3\\n' > tests/test_other.py",
        ])
    func `only added tests cost no second run`(act: String) async throws {
        let world = try await world(act)
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 1)
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        #expect(certificate["baseTests"] == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `landing asks again when the main branch has moved on meanwhile`() async throws {
        let world = try await world("echo '# more' >> tests/helpers.py")
        try world.rewrite("code-reviewer", "person_pushes other.txt words; approve")
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 4)
        #expect(try world.left("base-tests/test.log", in: "merge-1") != nil)
    }
}
