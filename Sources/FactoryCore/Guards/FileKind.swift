/// What a path tells of a file by its name alone.
enum FileKind {
    /// Manifests, and the names of their lock files.
    static let locks: [String: Set<String>] = [
        "package-lock.json": ["package.json"], "npm-shrinkwrap.json": ["package.json"], "yarn.lock": ["package.json"],
        "pnpm-lock.yaml": ["package.json", "pnpm-workspace.yaml"], "bun.lock": ["package.json"],
        "bun.lockb": ["package.json"], "cargo.lock": ["cargo.toml"], "package.resolved": ["package.swift"],
        "go.sum": ["go.mod"], "gemfile.lock": ["gemfile"], "poetry.lock": ["pyproject.toml"],
        "uv.lock": ["pyproject.toml"], "pdm.lock": ["pyproject.toml"], "pipfile.lock": ["pipfile"],
        "composer.lock": ["composer.json"],
    ]

    private static let manifests: Set<String> = Set(locks.values.joined()).union([
        "pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "setup.py",
        "setup.cfg",
        "libs.versions.toml",
    ])

    private static let buildScripts: Set<String> = [
        "makefile", "gnumakefile", "cmakelists.txt", "meson.build", "build.rs", "build.xml", "rakefile", "justfile",
        "dockerfile", "containerfile", "docker-compose.yml", "compose.yml", "build.sh", "build.zig", "build.bazel",
        "workspace.bazel", "module.bazel",
    ]

    static func isManifest(_ name: String) -> Bool {
        manifests.contains(name) || isRequirements(name) || name.hasSuffix(".gemspec")
    }

    /// `requirements.txt` and `requirements-dev.txt`.
    static func isRequirements(_ name: String) -> Bool { name.hasPrefix("requirements") && name.hasSuffix(".txt") }

    static func isBuildScript(_ name: String) -> Bool {
        buildScripts.contains(name) || name.hasSuffix(".mk") || name.hasPrefix("dockerfile.")
    }

    private static let testNames: Set<String> = [
        "test", "tests", "__tests__", "spec", "specs", "testing", "fixtures", "testdata", "__mocks__", "mocks", "e2e",
    ]

    /// Whether the file is no product code, but a test or what belongs to one.
    static func isTest(_ path: RepoPath) -> Bool {
        let parts = path.parts
        guard let name = parts.last else { return false }
        if parts.dropLast().contains(where: { testNames.contains($0.lowercased()) || $0.hasSuffix("Tests") }) {
            return true
        }
        let words = name.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
        return words.contains("test") || words.contains("tests") || words.dropLast().last == "spec"
            || name.dropLast(name.split(separator: ".").last.map { $0.count + 1 } ?? 0).hasSuffix("Tests")
    }

    /// Whether it lies among what others wrote or what tests read.
    static func isForeign(_ path: RepoPath) -> Bool {
        path.parts.contains { ["vendor", "node_modules", "third_party", "fixtures", "testdata"].contains($0) }
    }
}

extension RepoPath {
    /// The last part in lower case, for comparing with well-known names.
    var lowerName: String { name.lowercased() }

    /// What stands behind the last dot of the name, in lower case; empty when there is none.
    var fileExtension: String {
        let parts = lowerName.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 ? String(parts[parts.count - 1]) : ""
    }
}
