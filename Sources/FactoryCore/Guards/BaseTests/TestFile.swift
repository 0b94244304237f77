/// What a file is to the tests.
package enum TestFile: Hashable, Sendable {
    /// It has tests, or a runner of a known language looks for some in it.
    case tests
    /// It stands in a directory of tests, or is a snapshot: a helper, a fixture, what is expected.
    case support
    /// It tells a runner what to run and how, wherever it stands.
    case steering

    /// Nil: it is nothing to the tests. `content` is that of the version in question.
    package init?(_ path: RepoPath, content: [UInt8]?) {
        if Self.steers(path.name) {
            self = .steering
        } else if TestLanguages.all.contains(where: { $0.covers(path) && $0.hasTests(path, content ?? []) }) {
            self = .tests
        } else if path.parts.dropLast().contains(where: Self.holdsTests) || path.name.hasSuffix(".snap") {
            self = .support
        } else {
            return nil
        }
    }

    private static func steers(_ name: String) -> Bool {
        names.contains(name) || name.hasSuffix(".xctestplan") || beginnings.contains { name.hasPrefix($0) }
    }

    private static let names: Set<String> = [
        "conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini", "nose2.cfg",
        "unittest.cfg",
    ]
    private static let beginnings = [
        "jest.config.", "vitest.config.", "vitest.workspace.", "karma.conf.", ".mocharc", "playwright.config.",
        "cypress.config.", "ava.config.", "jasmine.json",
    ]

    private static let directories: Set<String> = [
        "test", "tests", "testing", "testdata", "fixtures", "spec", "e2e", "__tests__", "__fixtures__", "__mocks__",
        "__snapshots__",
    ]

    /// `specs` is not among them: there the specs of the line stand.
    private static func holdsTests(_ directory: String) -> Bool {
        directories.contains(directory.lowercased()) || directory.hasSuffix("Tests")
            || ["_test", "_tests", "-test", "-tests"].contains { directory.hasSuffix($0) }
    }
}

extension TestLanguage {
    /// Where the language keeps tests by their names, the name is enough; Swift has them in any file.
    fileprivate func hasTests(_ path: RepoPath, _ content: [UInt8]) -> Bool {
        if !path.name.hasSuffix(".swift") { return true }
        let inventory = inventory(of: content)
        return !inventory.tests.isEmpty || !inventory.skips.isEmpty
    }
}
