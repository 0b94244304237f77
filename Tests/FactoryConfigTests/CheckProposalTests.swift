import FactoryConfig
import FactoryCore
import Testing

@Suite struct CheckProposalTests {
    private func propose(_ files: [String: String]) -> CheckProposal {
        CheckProposal.propose(paths: files.keys.sorted().map { RepoPath($0) }) { files[$0.text].map { Array($0.utf8) } }
    }
    private func commands(_ files: [String: String]) -> [String] {
        propose(files).checks.map { "\($0.name): \($0.run)" }
    }

    @Test(arguments: [
        ("check: lint\n\t@true\nlint test:\n\ttrue\n", ["check: make check"]),
        (".PHONY: test\n# check:\ntest lint: all\n\tcheck: x\n", ["lint: make lint", "test: make test"]),
        ("test := 1\ncheck ::= 2\nlint = a:b\nCC?=gcc\nall::\n", []), ("test:: a\r\n\ttrue\r\n", ["test: make test"]),
    ])
    func `a Makefile is asked for its targets`(_ makefile: String, _ expected: [String]) {
        #expect(commands(["Makefile": makefile]) == expected)
    }

    @Test func `a package's scripts become checks, its lock file a setup step`() {
        let package = #"{"scripts":{"test":"jest","lint":"eslint .","typecheck":"tsc","build":"x"}}"#
        let found = propose(["package.json": package, "package-lock.json": "{}"])
        #expect(found.checks.map(\.run) == ["npm run lint", "npm run typecheck", "npm test"])
        #expect(found.setup.map(\.run) == ["npm ci"] && found.setup.map(\.network) == [true])
        #expect(found.keep == ["node_modules"])
        #expect(propose(["package.json": package]).setup == [])
        #expect(commands(["package.json": package, "pnpm-lock.yaml": ""]).last == "test: pnpm test")
    }

    @Test(arguments: [
        #"{"scripts":{"test":"echo \"Error: no test specified\" && exit 1"}}"#, "{", "[]", #"{"scripts":[]}"#, "",
    ])
    func `a package without a test proposes none`(_ package: String) {
        #expect(propose(["package.json": package]) == CheckProposal())
    }

    @Test(arguments: [
        (["pyproject.toml": "[tool.pytest.ini_options]"], "python3 -m pytest"),
        (["setup.cfg": "[tool:pytest]"], "python3 -m pytest"),
        (["conftest.py": ""], "python3 -m pytest"),
        (["pyproject.toml": "", "tests/test_a.py": ""], "python3 -m unittest discover -s tests"),
        (["tests/__init__.py": "", "tests/test_a.py": ""], "python3 -m unittest discover -s tests -t ."),
        (["test_a.py": ""], "python3 -m unittest"), (["Cargo.toml": ""], "cargo test"),
        (["Package.swift": "", "Tests/A.swift": ""], "swift test"),
    ])
    func `each language has its own command`(_ files: [String: String], _ command: String) {
        #expect(propose(files).checks == [Check(name: "test", run: command)])
    }

    @Test func `dependencies are fetched in a setup step with network`() {
        #expect(
            propose(["Cargo.toml": "", "Cargo.lock": "source = \"x\""]).setup.map(\.run) == ["cargo fetch --locked"])
        #expect(propose(["Cargo.toml": "", "Cargo.lock": ""]).setup == [])
        #expect(propose(["go.mod": "", "go.sum": "x"]).setup.map(\.run) == ["go mod download"])
        #expect(propose(["Package.swift": ".package(url: \"x\")"]).setup.map(\.run) == ["swift package resolve"])
        #expect(propose(["Package.swift": ""]).checks.map(\.run) == ["swift build"])
    }

    @Test func `the Makefile's own targets win, and languages add what it lacks`() {
        let package = #"{"scripts":{"test":"jest","lint":"eslint ."}}"#
        #expect(
            commands(["Makefile": "test:\n", "package.json": package]) == ["test: make test", "lint: npm run lint"])
        let covered = propose(["Makefile": "check:\n", "package.json": package, "package-lock.json": ""])
        #expect(covered.checks.map(\.run) == ["make check"] && covered.setup.map(\.run) == ["npm ci"])
    }

    @Test func `two languages keep their checks apart`() {
        let package = #"{"scripts":{"test":"jest"}}"#
        #expect(
            commands(["package.json": package, "tests/test_a.py": "", "go.mod": ""]) == [
                "test: npm test", "python-test: python3 -m unittest discover -s tests", "lint: go vet ./...",
                "go-test: go test ./...",
            ])
    }

    @Test func `nothing known proposes nothing`() {
        #expect(propose(["README.md": "", "src/a.py": ""]) == CheckProposal())
    }
}
