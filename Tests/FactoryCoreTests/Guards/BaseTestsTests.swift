import FactoryCore
import Testing

/// Which tests a change may not change, and what is put back to run the main branch's.
struct BaseTestsTests {
    private static let python = "import app\n\n\ndef test_sum():\n    assert app.sum(1, 1) == 2\n"
    private let added = python + "\n\ndef test_more():\n    assert app.sum(2, 1) == 3\n"

    private func judged(_ files: FileChange..., allows: [String] = []) -> BaseTests {
        BaseTests(of: Change(files: files.sorted { $0.path < $1.path }), allowed: Leave(allows))
    }

    private func restored(_ files: FileChange..., allows: [String] = []) -> [String] {
        BaseTests(of: Change(files: files), allowed: Leave(allows)).restored.map(\.text)
    }

    private let softened = file("tests/test_it.py", python, python.replacing("== 2", with: "in (2, 3)"))

    @Test func `a test that asks for less is named, and its file is put back`() {
        let plan = judged(softened)
        #expect(plan.violations.map(\.rule) == ["changed-test"])
        #expect(plan.violations.first?.message.contains("`test_sum` of tests/test_it.py") == true)
        #expect(plan.violations.first?.message.contains("changed-test:tests/test_it.py::test_sum") == true)
        #expect(plan.paths == [RepoPath("tests/test_it.py")])
    }

    @Test func `a test that is gone has a rule of its own`() {
        let plan = judged(file("tests/test_it.py", Self.python, nil))
        #expect(plan.violations.map(\.rule) == ["deleted-test"])
        #expect(plan.restored == [RepoPath("tests/test_it.py")])
    }

    @Test func `a test that moved, or that only looks different, is the same test`() {
        let moved = judged(file("tests/test_it.py", Self.python, nil), file("tests/test_that.py", nil, Self.python))
        #expect(moved.violations == [])
        let formatted = judged(
            file(
                "tests/test_it.py", Self.python,
                Self.python.replacing("app.sum(1, 1)", with: "app.sum( 1,\n        1 )")))
        #expect(formatted.violations == [])
        let explained = judged(
            file("tests/test_it.py", Self.python, Self.python.replacing("== 2", with: "== 2  # of course")))
        #expect(explained.violations == [])
        let quoted = judged(
            file("tests/test_it.py", Self.python + "    assert '# 1'\n", Self.python + "    assert '# 2'\n"))
        #expect(quoted.violations.map(\.rule) == ["changed-test"])
        #expect(formatted.restored == [RepoPath("tests/test_it.py")])
    }

    @Test func `more tests in a file are no change of it`() {
        let plan = judged(file("tests/test_it.py", Self.python, added))
        #expect(plan.violations == [] && plan.paths == [])
    }

    @Test(arguments: [
        "\n\ndef sum(a, b):\n    return 2\n", "\n\nimport other\n\n\ndef test_more():\n    assert True\n",
        "\n\ndef test_more():\n    pass\n\n\napp.sum = lambda a, b: 2\n", "\n\npytestmark = skip\n",
    ])
    func `whatever else is added to a file of tests may change them`(_ addition: String) {
        #expect(restored(file("tests/test_it.py", Self.python, Self.python + addition)) == ["tests/test_it.py"])
    }

    @Test func `more tests in a suite of Swift are no change of it`() {
        let before = "import Testing\n\nstruct A {\n    @Test func one() {\n        #expect(1 == 1)\n    }\n}\n"
        let after = before.replacing(
            "    }\n}\n", with: "    }\n\n    // More.\n    @Test func two() {\n        #expect(2 == 2)\n    }\n}\n")
        #expect(judged(file("Tests/ATests.swift", before, after)).paths == [])
        let helped = after.replacing("    // More.\n", with: "    private var x: Int { 1 }\n")
        #expect(restored(file("Tests/ATests.swift", before, helped)) == ["Tests/ATests.swift"])
    }

    @Test(arguments: [
        "tests/conftest.py", "conftest.py", "pytest.ini", "web/jest.config.js", "tests/helpers.py", "test/data/a.json",
        "lib/testdata/a.bin", "AppTests/Helper.swift", "src/__snapshots__/a.snap", "src/a.snap", "spec/a_spec.rb",
        "src/test_it.py", "src/it.test.ts", "Plan.xctestplan", ".pytest.ini", ".mocharc.json", "vitest.workspace.ts",
        "playwright.config.ts",
    ])
    func `helpers, fixtures, snapshots and what steers a runner are put back as well`(_ path: String) {
        #expect(restored(file(path, "before", "after")) == [path])
        #expect(restored(file(path, "before", nil)) == [path])
    }

    @Test(arguments: [
        "lib/app.py", "specs/0001-x.md", "Sources/Latest/a.swift", "docs/testing.md", "contest/a.py", "Makefile",
    ])
    func `the product is not`(_ path: String) {
        #expect(restored(file(path, "before", "after")) == [])
    }

    @Test func `files that are only new need no second run, unless they steer a runner`() {
        #expect(judged(file("tests/test_new.py", nil, Self.python), file("tests/data.json", nil, "{}")).paths == [])
        let steered = judged(file("tests/conftest.py", nil, "x = 1"), file("tests/test_new.py", nil, Self.python))
        #expect(steered.restored == [])
        #expect(steered.removed.map(\.text) == ["tests/conftest.py", "tests/test_new.py"])
        #expect(judged(file(".mocharc.json", nil, "{}")).paths.map(\.text) == [".mocharc.json"])
    }

    @Test func `new tests make way for the main branch's, because they may need the new helpers`() {
        let plan = judged(file("tests/helpers.py", "a", "a\nb"), file("tests/test_new.py", nil, Self.python))
        #expect(plan.paths.map(\.text) == ["tests/helpers.py", "tests/test_new.py"])
        #expect(plan.removed.map(\.text) == ["tests/test_new.py"])
    }

    @Test(arguments: [
        ("unittest.TestCase.assertEqual = lambda *a, **k: None", true), ("setattr(unittest, 'main', None)", true),
        ("os.environ['X'] = '1'", true), ("def load_tests(a, b, c): return a", true), ("LIMIT = 3", false),
        ("from a.b import c", false), ("assert_that = helper.assert_that", false),
        ("it.each([1])('x', () => {})", false),
    ])
    func `a new file of tests that reaches beyond itself makes a second run due`(line: String, isDue: Bool) {
        let text = "import unittest\n\n\(line)\n\n\ndef test_new():\n    assert add(1, 1) == 2\n"
        #expect(judged(file("tests/test_aa.py", nil, text)).paths.isEmpty != isDue)
    }

    @Test(arguments: [
        "changed-test", "changed-test:tests/**", "changed-test:tests/test_it.py::test_sum",
        "changed-test:tests/test_it.py::SumTest::test_sum",
    ])
    func `what the spec names is neither objected to nor put back`(_ entry: String) {
        let plan = judged(softened, allows: [entry])
        #expect(plan.violations == [] && plan.paths == [])
    }

    @Test func `a helper that the spec names stays, and the rest is put back`() {
        let plan = judged(
            file("tests/helpers.py", "a", "b"), softened, file("tests/data.json", nil, "{}"),
            file("conftest.py", nil, "x = 1"), allows: ["base-tests:tests/helpers.py"])
        #expect(plan.restored.map(\.text) == ["tests/test_it.py"])
        #expect(plan.removed.map(\.text) == ["conftest.py"])
    }

    @Test func `leave for one test is no leave for its neighbour`() {
        let plan = judged(
            file("tests/test_it.py", added, added.replacing("== 2", with: "> 0").replacing("== 3", with: "> 0")),
            allows: ["changed-test:tests/test_it.py::test_more"])
        #expect(plan.violations.map { $0.message.contains("test_sum") } == [true])
    }

    @Test func `leave to change is no leave to delete`() {
        let gone = file("tests/test_it.py", Self.python, nil)
        #expect(judged(gone, allows: ["changed-test"]).violations.map(\.rule) == ["deleted-test"])
        #expect(judged(gone, allows: ["deleted-test:tests/test_it.py"]).violations == [])
    }
}
