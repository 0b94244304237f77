import FactoryCore
import Testing

@Suite struct ProtectedPathTests {
    private let rule = ProtectedPath()

    @Test(arguments: [
        ".factory/config.yml", ".factory/prompts/planner.md", "AGENTS.md", "docs/api/AGENTS.md", "CLAUDE.md",
        "packages/web/Claude.MD", "GEMINI.md", ".cursorrules", "sub/.mcp.json", ".github/copilot-instructions.md",
        "copilot-instructions.md", ".github/workflows/ci.yml", ".gitlab/agents/a.yml", ".circleci/config.yml",
        ".claude/settings.json", "tools/.codex/config.toml", ".cursor/rules/a.mdc", ".husky/pre-commit",
        "web/.githooks/pre-push", "Jenkinsfile", "ci/Jenkinsfile.release", ".gitlab-ci.yml", "build.gitlab-ci.yml",
        "azure-pipelines.yml", "azure-pipelines-nightly.yaml", ".travis.yml", "bitbucket-pipelines.yml", "CODEOWNERS",
        "docs/CODEOWNERS", "src/OWNERS", ".gitattributes", "Sources/.gitattributes", ".gitmodules",
        ".vscode/tasks.json",
    ])
    func `steering files trip at any depth`(_ path: String) {
        for file in [file(path, nil, "x"), file(path, "x", "y"), file(path, "x", nil)] {
            let objections = rule.objections(to: file)
            #expect(objections.map(\.rule) == ["protected-path"])
            #expect(objections.first?.path == RepoPath(path))
        }
    }

    @Test(arguments: [
        ".GitHub/workflows/ci.yml", ".GITHUB./a.yml", ".github /a.yml", ".git\u{200C}hub/a.yml", "\u{FEFF}.claude/a",
        "\u{FF0E}github/a.yml", "\u{2024}claude/x", ".factory::$INDEX_ALLOCATION/config.yml", "AGENTS.md.",
        "AGENTS.md ",
        "agent\u{17F}.md", "\u{410}GENTS.md", "CLAUDE.m\u{501}", "\u{421}LAUDE.md", "CODEOWNERS::$DATA",
        "docs\\.github\\workflows\\ci.yml", "\u{FF21}\u{FF27}\u{FF25}\u{FF2E}\u{FF34}\u{FF33}.md",
        ".git\u{AD}attributes",
    ])
    func `other spellings of a protected name trip`(_ path: String) {
        #expect(rule.objections(to: file(path, nil, "x")).count == 1, "\(path) passes")
    }

    @Test(arguments: [
        "Sources/App/main.swift", ".gitignore", "web/.gitignore", ".editorconfig", ".swift-format", ".eslintrc.json",
        ".env.example", ".dockerignore", "docs/agents.html", "docs/how-to-write-AGENTS.md.txt", "Sources/Owners.swift",
        "agents/main.py", "claude.py", "github/client.go", "docs/jenkinsfile-guide.md", "a..b/c", "...", "README.md",
        "Package.swift", "src/факт.md", "specs/0007-login.md", "specs/0007-login.plan.md", "weird\u{FFFD}/x",
    ])
    func `product files pass`(_ path: String) {
        #expect(rule.objections(to: file(path, "x", "y")) == [])
    }

    @Test func `a link or submodule with a dot name trips as the directory it stands for`() {
        #expect(rule.objections(to: file("lib/.claude", nil, "../docs", mode: .symlink)).count == 1)
        #expect(rule.objections(to: file(".tools", nil, "x", mode: .submodule)).count == 1)
        #expect(rule.objections(to: file("lib/claude", nil, "../docs", mode: .symlink)) == [])
    }

    @Test(arguments: [
        ("infra/**", "infra/main.tf", true), ("infra/**", "Infra/main.tf", true), ("infra", "infra/deep/main.tf", true),
        ("infra/", "infra/a", true), ("*.tf", "x/y/main.tf", true), ("/deploy", "deploy/a", true),
        ("infra/**", "src/infra.swift", false), ("/deploy", "src/deploy/a", false), ("*.tf", "main.tfx", false),
        ("", "src/a", false), ("/", "src/a", false),
    ])
    func `configured patterns protect what they match and all below it`(_ row: (String, String, Bool)) {
        var context = context
        context.protected = [Glob(row.0)]
        #expect(rule.objections(to: file(row.1, "x", "y"), in: context).isEmpty == !row.2)
    }

    @Test func `the message names path and reason`() {
        var context = context
        context.protected = [Glob("infra/**")]
        #expect(
            rule.objections(to: file("infra/a.tf", "x", "y"), in: context).map(\.message)
                == ["infra/a.tf is protected by `infra/**`; only a person may change it"])
    }

    @Test func `a spec of kind floor may change the floor and nothing else`() {
        var floor = context
        floor.isFloor = true
        floor.protected = [Glob("infra/**")]
        let files = [
            file(".factory/config.yml", "x", "y"), file("AGENTS.md", "x", "y"), file("infra/a", "x", "y"),
            file("specs/0007-login.md", nil, "x"), file("specs/0007-login.plan.md", nil, "x"),
            file("src/main.c", "x", "y"),
        ]
        let change = Change(files: files)
        #expect(ProtectedPath().judge(change, in: floor) == [])
        #expect(FloorOnly().judge(change, in: floor).map(\.path) == [RepoPath("src/main.c")])
        #expect(FloorOnly().judge(change, in: context) == [])
    }

    @Test func `folding keeps different names apart, broken encoding included`() {
        #expect(FoldedName.of([0x63, 0xE9]) != FoldedName.of([0x63, 0xE8]))
        #expect(FoldedName.of("a.b".utf8) != FoldedName.of("ab".utf8))
        #expect(FoldedName.of("Ärger".utf8) == FoldedName.of("ärger".utf8))
    }
}
