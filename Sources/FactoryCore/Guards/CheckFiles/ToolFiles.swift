/// Files by which the tools of checks are configured.
enum ToolFiles {
    private static let names: Set<String> = [
        ".swiftlint.yml", ".swiftlint.yaml", ".swift-format", ".swiftformat", "mypy.ini", ".mypy.ini", "tox.ini",
        "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "nose2.cfg", "unittest.cfg", ".coveragerc",
        ".flake8", ".pylintrc", "pylintrc", "ruff.toml", ".ruff.toml",
        "pyrightconfig.json", "jsconfig.json", "karma.conf.js", "biome.json", "biome.jsonc", ".eslintignore",
        ".prettierignore", "clippy.toml", ".clippy.toml", "rustfmt.toml", ".rustfmt.toml", "deny.toml", ".rubocop.yml",
        ".rspec", ".clang-format", ".clang-tidy", "codecov.yml", ".codecov.yml", "sonar-project.properties",
        "detekt.yml", "checkstyle.xml", "pmd.xml", "psalm.xml", "phpunit.xml", "phpunit.xml.dist", "phpstan.neon",
        "phpstan.neon.dist", ".bandit", ".gitleaks.toml", ".pre-commit-config.yaml", ".semgrepignore",
    ]

    private static let beginnings = [
        ".eslintrc", "eslint.config.", "jest.config.", "vitest.config.", "vitest.workspace.", "playwright.config.",
        "cypress.config.", ".nycrc", ".c8rc", ".mocharc", ".prettierrc", "prettier.config.", ".stylelintrc",
        "stylelint.config.", ".golangci.", "ava.config.", "karma.conf.",
    ]

    /// Whether a file of this lower-case name configures a tool and nothing else.
    static func isConfiguration(_ name: String) -> Bool {
        names.contains(name) || beginnings.contains { name.hasPrefix($0) } || name.hasSuffix(".xctestplan")
            || name.hasPrefix("tsconfig") && name.hasSuffix(".json")
    }

    private static let sections: [String: [String]] = [
        "pyproject.toml": [
            "tool.pytest", "tool.mypy", "tool.ruff", "tool.coverage", "tool.pylint", "tool.pyright",
            "tool.basedpyright",
            "tool.black", "tool.isort", "tool.flake8", "tool.tox", "tool.bandit",
        ],
        "setup.cfg": ["tool:pytest", "flake8", "mypy", "coverage", "pylint", "isort", "pycodestyle", "yapf"],
        "cargo.toml": ["lints", "workspace.lints"],
    ]

    /// The sections of tools that were there and are not what they were, sorted.
    static func changedSections(of name: String, _ before: String, _ after: String) -> [String] {
        let ours = sections[name] ?? []
        let (old, new) = (parts(of: before), parts(of: after))
        return old.keys.filter { header in
            ours.contains {
                header == $0 || header.hasPrefix($0 + ".") || header.hasPrefix($0 + ":") || header.hasPrefix($0 + "-")
            }
                && old[header] != new[header]
        }.sorted()
    }

    /// The lines below each header, without comments and blank ones.
    private static func parts(of text: String) -> [String: [String]] {
        var parts: [String: [String]] = [:]
        var header = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let plain = Quoted.withoutComment(line, "#").trimmingSpace
            if plain.isEmpty || plain.hasPrefix(";") { continue }
            if line.hasPrefix("["), plain.hasSuffix("]") {
                header = plain.filter { !"[]\"' ".contains($0) }
                parts[header, default: []] += []
            } else {
                parts[header, default: []].append(plain)
            }
        }
        return parts
    }
}

/// The parts of `package.json` that checks lean on.
struct NodePackage {
    let document: JSONObject
    let scripts: [String: String]

    /// Members that configure tools.
    static let tools = ["jest", "vitest", "eslintConfig", "nyc", "c8", "mocha", "ava", "prettier", "stylelint", "xo"]

    init(_ text: String) {
        document = (try? JSON(parsing: text))?.object ?? [:]
        let pairs = (document["scripts"]?.object?.members ?? []).compactMap { member in
            member.value.string.map { (member.key, $0) }
        }
        scripts = Dictionary(pairs) { first, _ in first }
    }

    /// A script and those that it runs, before and after it as well.
    func closure(of script: String) -> [String] {
        var found: [String] = []
        var waiting = [script]
        while let name = waiting.popLast() {
            if found.contains(name) { continue }
            found.append(name)
            let calls = (scripts[name] ?? "").split { ";&|".contains($0) }
                .map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
            waiting += calls.flatMap(Self.scripts) + ["pre" + name, "post" + name].filter { scripts[$0] != nil }
        }
        return found
    }

    /// The scripts that a command runs: `npm test`, `npm run lint`, `yarn lint`.
    static func scripts(_ words: [String]) -> [String] {
        guard let tool = words.firstIndex(where: { ["npm", "yarn", "pnpm", "bun"].contains($0) }) else { return [] }
        let rest = words[(tool + 1)...].filter { !$0.hasPrefix("-") }
        guard let verb = rest.first else { return [] }
        if verb == "run" || verb == "run-script" { return rest.dropFirst().first.map { [$0] } ?? [] }
        if verb == "t" { return ["test"] }
        return [verb]
    }
}
