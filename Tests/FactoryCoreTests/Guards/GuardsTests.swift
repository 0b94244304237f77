import FactoryCore
import Testing

@Suite struct GuardsTests {
    @Test func `every guard has an id of its own in small letters`() {
        let ids = Guards.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { id in id.allSatisfy { $0.isLowercase || $0 == "-" } })
        #expect(
            Set(ids) == [
                "protected-path", "floor-only", "escaping-symlink", "unsupported-content", "secret", "conflict-marker",
                "deleted-test", "skipped-test", "binary-file", "large-file", "diff-size", "mode-change", "submodule",
                "stub", "new-dependency", "changed-dependency", "generated-file", "weakened-configuration",
                "watched-path",
                "weakened-test", "rewritten-snapshot", "test-detection", "lowered-coverage", "silenced-lint",
                "defused-check",
            ])
    }

    @Test func `an honest change passes all guards`() {
        let honest = change(
            file("specs/0007-login.md", nil, "# Log in\n"), file("specs/0007-login.plan.md", nil, "1. Do it.\n"),
            file("src/login.py", "def login():\n    return None\n", "def login(user):\n    return user.token\n"),
            file("src/old.py", "x = 1\n", nil), file("docs/login.md", nil, "Login\n=====\n"),
            file("src/empty", nil, ""),
            file("tests/test_login.py", nil, "def test_login():\n    assert login('a')\n"))
        #expect(Guards.judge(honest, in: context) == [])
        #expect(Guards.judge(Change(files: []), in: context) == [])
    }

    /// What an able implementer would hand in for a feature: code, tests, documentation, a script, a manifest, and a lock
    /// file beside it. It may warn, and it must not park.
    @Test func `an honest feature lands with warnings at most`() throws {
        let makefile = "test:\n\tpytest\n"
        let project = "[project]\nversion = \"1\"\ndependencies = [\"click>=8\"]\n[tool.ruff]\nline-length = 100\n"
        var context = context
        context.checks = [Check(name: "test", run: "make test"), Check(name: "lint", run: "ruff check src tests")]
        let honest = change(
            file("specs/0007-login.md", nil, "# Log in\n"), file("specs/0007-login.plan.md", nil, "1. Do it.\n"),
            file("README.md", "Log in.\n", "Log in with a token.\n"),
            file("Makefile", makefile, makefile + "docs:\n\tmkdocs build\n"),
            file(
                "pyproject.toml", project,
                project.replacing("\"1\"", with: "\"2\"").replacing("click>=8", with: "click>=8.1")),
            file("uv.lock", "[[package]]\nname = \"click\"\n", "[[package]]\nname = \"click\"\nversion = \"8.1\"\n"),
            file(
                "src/login.py", "def login():\n    return None\n",
                "def login(user):\n    # the token of the user\n    return user.token\n"),
            file(
                "src/base.py", nil,
                "class Base(ABC):\n    @abstractmethod\n    def run(self):\n        raise NotImplementedError\n"),
            file("src/schema.graphql", "a", "b"),
            file("src/schema.py", "# @generated\na = 1\n", "# @generated\nb = 1\n"),
            file("src/errors.py", nil, "class LoginError(Exception):\n    pass\n"),
            file("docs/login.md", nil, "Login\n=====\nSee the placeholder.\n"),
            file("tools/seed.sh", nil, "#!/bin/sh\n", mode: .executable),
            file("tests/test_login.py", nil, "def test_login():\n    assert login('a')\n"))
        let judgement = GuardPolicy(settings: GuardSettings()).judge(Guards.judge(honest, in: context))
        #expect(judgement.parking == [])
        #expect(Set(judgement.warnings.map(\.rule)) == ["watched-path", "changed-dependency"])
    }

    @Test func `every guard's objection arrives under its id`() {
        var context = context
        context.limits.diffFiles = 3
        let python = "def a():\n    pass\n"
        context.largeFile = 100
        let files = [
            file("AGENTS.md", "x", "y"), file("a.bin", nil, "\0"), file("big", nil, String(repeating: "x", count: 101)),
            file("c", nil, "<<<<<<< HEAD\n"),
            file("k", nil, ["gh", "p_q7Zk2TgXw9LmR4sVb8NyPc3HdFj6KaUe5WtY"].joined()),
            file("l", nil, "/etc", mode: .symlink), file("m", nil, "1", mode: .submodule),
            file("mypy.ini", "a", "b"), file("n.py", nil, python), file("o.min.js", "a", "b"),
            FileChange(path: RepoPath("p"), before: version([1]), after: version([1], mode: .executable)),
            file("q", "1", nil, mode: .submodule),
            file("package.json", #"{"dependencies":{"a":"1"}}"#, #"{"dependencies":{"a":"2","b":"1"}}"#),
            file("test_a.py", "def test_a():\n    assert 1\n", "@pytest.mark.skip\ndef test_b(): assert 2\n"),
            file("test_w.py", "def test_w():\n    assert f() == 3\n", "def test_w():\n    assert f()\n"),
            file("tests/x.snap", "old", ""), file("src/d.py", "x = 1\n", "x = PYTEST_CURRENT_TEST  # noqa\n"),
            file("setup.cfg", "fail_under = 90\n", "fail_under = 80\n"),
            file("Makefile", "t:\n\tpytest\n", "t:\n\t-pytest\n"),
        ]
        let rules = Set(Guards.judge(Change(files: files), in: context).map(\.rule))
        #expect(rules == Set(Guards.all.map(\.id)).subtracting(["floor-only"]))
        context.isFloor = true
        #expect(Guards.judge(Change(files: files), in: context).contains { $0.rule == "floor-only" })
    }
}
