/// What a path says about the part that a file plays.
package enum TestPaths {
    private static let directories: Set<String> = [
        "test", "tests", "__tests__", "__mocks__", "__snapshots__", "spec", "specs", "testing", "e2e", "cypress",
        "fixtures", "testdata", "test_data", "goldens", "snapshots",
    ]

    /// Whether a directory above the file is one for tests.
    package static func isUnderTests(_ path: RepoPath) -> Bool {
        path.parts.dropLast().contains { directories.contains($0.lowercased()) || $0.hasSuffix("Tests") }
    }

    /// Whether the file serves tests, of any language.
    package static func isTest(_ path: RepoPath) -> Bool {
        if isUnderTests(path) { return true }
        let name = path.name
        let parts = name.split(separator: ".").map(String.init)
        guard let stem = parts.first else { return false }
        return name.hasPrefix("test_") || stem.hasSuffix("_test") || stem.hasSuffix("Tests") || stem.hasSuffix("Test")
            || name == "conftest.py" || name == "tests.py"
            || parts.dropFirst().contains { ["test", "spec", "test-d", "cy", "snap"].contains($0) }
    }

    /// Whether the file holds what the product does: no test, no text for people, no setting of a tool.
    package static func isProduct(_ path: RepoPath) -> Bool {
        guard !isTest(path), !path.parts.contains(where: { $0.hasPrefix(".") || $0 == "docs" }) else { return false }
        let parts = path.name.split(separator: ".").map(String.init)
        guard parts.count > 1, let ending = parts.last, !others.contains(ending.lowercased()) else { return false }
        return !parts.dropFirst().dropLast().contains { $0 == "config" || $0 == "conf" || $0 == "setup" }
            && !["setup.py", "noxfile.py", "Package.swift"].contains(path.name)
    }

    private static let others: Set<String> = [
        "md", "rst", "txt", "adoc", "json", "yml", "yaml", "toml", "cfg", "ini", "lock", "xctestplan", "snap", "mk",
        "resolved", "png", "jpg", "gif", "svg", "in", "log",
    ]
}
