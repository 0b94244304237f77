/// What a guard must know of one language's tests.
///
/// A new language is one file that conforms, an entry in `all`, and its fixtures.
package protocol TestLanguage: Sendable {
    /// For people, and to keep equal names of two languages apart.
    var name: String { get }
    /// Whether the path is a source file of this language.
    func writes(_ path: RepoPath) -> Bool
    /// Whether test runners of this language look into a file of this path.
    func covers(_ path: RepoPath) -> Bool
    /// Whether a file of this path serves tests without being searched for them, such as a `conftest.py`.
    func supports(_ path: RepoPath) -> Bool
    /// Whether a source is worth reading for tests: a quick look, right when it says no.
    func mayHoldTests(_ source: [UInt8]) -> Bool
    /// The source beside its code alone.
    func masked(_ source: [UInt8]) -> MaskedSource
    /// The tests, what they claim, and the skip marks.
    ///
    /// What stands in comments, strings and dead code does not count.
    func inventory(in masked: MaskedSource) -> TestInventory
    /// Texts whose arrival loosens a check, each with what it means.
    var marks: [SourceMark] { get }
    /// Where a source of the product ends the process with success, and not because somebody started just that.
    func exits(in masked: MaskedSource) -> [Int]
    /// The names that a source declares outside the bodies of functions and shows to other files, for telling whether what
    /// a test looks at is gone.
    func declarations(in masked: MaskedSource) -> Set<String>
}

extension TestLanguage {
    /// The tests, what they claim, and the skip marks in a source text.
    package func inventory(of source: [UInt8]) -> TestInventory {
        mayHoldTests(source) ? inventory(in: masked(source)) : TestInventory()
    }
}

/// The languages whose tests are known.
package enum TestLanguages {
    package static let all: [any TestLanguage] = [SwiftTests(), PythonTests(), JavaScriptTests()]
}

/// The tests and skip marks of one source text, in order.
package struct TestInventory: Hashable, Sendable {
    package var tests: [TestCase] = []
    /// Functions that claim something and that no test of the same source calls.
    package var helpers: [TestCase] = []
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
    /// What it claims, in order.
    package var assertions: [Assertion] = []
    /// Where it stands in its source, with what is written above it.
    var region: Range<Int> = 0..<0
    /// It is run once for each row of a table.
    var isTable = false
    /// It is there only under a condition.
    var isConditional = false
    /// A skip mark that asks for nothing covers it.
    var isSkipped = false
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
