/// What a guard must know of one language's tests.
///
/// A new language is one file that conforms, an entry in `all`, and its fixtures.
package protocol TestLanguage: Sendable {
    /// For people, and to keep equal names of two languages apart.
    var name: String { get }
    /// Whether test runners of this language look into a file of this path.
    func covers(_ path: RepoPath) -> Bool
    /// The tests and skip marks in a source text.
    ///
    /// What stands in comments, strings and dead code does not count.
    func inventory(of source: [UInt8]) -> TestInventory
}

/// The languages whose tests are known.
package enum TestLanguages {
    package static let all: [any TestLanguage] = [SwiftTests(), PythonTests(), JavaScriptTests()]
}

/// The tests and skip marks of one source text, in order.
package struct TestInventory: Hashable, Sendable {
    package var tests: [TestCase] = []
    package var skips: [SkipMark] = []

    package init(tests: [TestCase] = [], skips: [SkipMark] = []) {
        self.tests = tests
        self.skips = skips
    }
}

/// One test.
package struct TestCase: Hashable, Sendable {
    package var name: String
    /// From 1.
    package var line: Int
    /// A fingerprint of what the test does, white space and comments left out; nil when it does nothing.
    package var body: UInt64?
}

/// One place that keeps a test from running or from counting.
package struct SkipMark: Hashable, Sendable {
    /// As people know it, such as `it.skip`.
    package var mark: String
    /// The whole line, trimmed: a mark is the same mark when it moves, and another one on another test.
    package var text: String
    /// From 1.
    package var line: Int
}
