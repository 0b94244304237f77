import FactoryCore
import Glibc
import Testing

/// What each language's finder sees. Fixtures of other languages, and of Swift, stand in strings: a finder that took
/// strings for code would find tests here.
@Suite struct TestInventoryTests {
    private func tests(_ language: some TestLanguage, _ source: String) -> [String] {
        language.inventory(of: Array(source.utf8)).tests.map(\.name)
    }

    private func skips(_ language: some TestLanguage, _ source: String) -> [String] {
        language.inventory(of: Array(source.utf8)).skips.map(\.mark)
    }

    private func emptied(_ language: some TestLanguage, _ source: String) -> [String] {
        language.inventory(of: Array(source.utf8)).tests.filter { $0.body == nil }.map(\.name)
    }

    // MARK: Swift

    private let swift = """
        import XCTest
        @testable import App

        final class LoginTests: XCTestCase {
            func testLogin() throws { XCTAssert(true) }
            func test_logout() async throws { XCTAssert(true) }
            @MainActor func testOnMain() -> Void { XCTAssert(true) }
            override func setUp() { super.setUp() }
            func testData() -> Data { Data() }
            func testUser(named name: String) -> User { User(name) }
            private func testSecretly() {}
            static func testStatic() {}
            // func testCommented() { }
            /* func testBlock() { /* nested */ } */
            let text = "func testString() { }"
            let long = \"\"\"
                func testLong() { \\(value("x")) }
                \"\"\"
            let raw = #"func testRaw() { " }"#
            #if false
            func testDead() { XCTAssert(true) }
            #else
            func testAlive() { XCTAssert(true) }
            #endif
        }
        """

    @Test func `XCTest methods are found, helpers and what is no code are not`() {
        #expect(tests(SwiftTests(), swift) == ["testLogin", "test_logout", "testOnMain", "testAlive"])
        #expect(
            tests(SwiftTests(), swift.replacing("\n", with: "\r\n")) == [
                "testLogin", "test_logout", "testOnMain", "testAlive",
            ])
    }

    @Test func `a test beside the brace of its class is found`() {
        let source = "import XCTest\nclass A: XCTestCase { func testA() { f() }; private func testB() {} }\n"
        #expect(tests(SwiftTests(), source) == ["testA"])
    }

    @Test func `functions marked as tests are found by name, raw identifiers included`() {
        let source = """
            import Testing
            @Suite struct A {
                @Test func plain() { #expect(true) }
                @Test("shown", .tags(.fast), arguments: [1, 2])
                func parameterised(_ n: Int) async throws { #expect(n > 0) }
                @Test(.timeLimit(.minutes(1))) @MainActor
                func `a raw name with "quotes" and it.skip`() { #expect(true) }
                func helper() {}
                func testHelper() {}
                @Test func generic<T>(_ value: T) where T: Equatable { #expect(value == value) }
            }
            """
        let expected = ["plain", "parameterised", #"a raw name with "quotes" and it.skip"#, "generic"]
        #expect(tests(SwiftTests(), source) == expected)
        #expect(skips(SwiftTests(), source) == [])
    }

    @Test(arguments: [
        ("XCTSkip", "throw XCTSkip(\"later\")"), ("XCTSkipIf", "try XCTSkipIf(true)"),
        ("XCTSkipUnless", "try XCTSkipUnless(x)"),
        ("XCTExpectFailure", "XCTExpectFailure(\"x\")"), ("withKnownIssue", "withKnownIssue { f() }"),
        (".disabled", "@Test(.disabled(\"later\")) func a() {}"), (".disabled", "@Suite(.disabled()) struct B {}"),
        (".enabled(if: false)", "@Test(.enabled(if: false)) func a() {}"),
        (".enabled(if: false)", "@Test(.enabled( if : false, \"x\")) func a() {}"),
    ])
    func `Swift's skip marks are found`(_ row: (mark: String, line: String)) {
        #expect(skips(SwiftTests(), "import XCTest\nimport Testing\n\(row.line)\n") == [row.mark])
        #expect(skips(SwiftTests(), "import Testing // \(row.line)\n/* \(row.line) */\n") == [])
    }

    @Test(arguments: [
        "let s = \"XCTSkip .disabled( withKnownIssue\"", "@Test(.enabled(if: isLinux)) func a() {}",
        "let disabled = x.disabled",
        "let s = #\"XCTSkip\"#", "let s = \"\\(f(\"XCTSkip\"))\"", "@Test func `XCTSkip is thrown`() {}",
    ])
    func `what resembles Swift's skip marks passes`(_ line: String) {
        #expect(skips(SwiftTests(), "import Testing\n\(line)\n") == [])
    }

    @Test func `a view that is disabled is no test`() {
        #expect(skips(SwiftTests(), "import SwiftUI\nlet v = Button(\"x\").disabled(true)\n") == [])
    }

    @Test(arguments: [
        "{ }", "{ // #expect(x)\n }", "{\n    #if false\n    #expect(x)\n    #endif\n}", "{\n return\n #expect(x) }",
        "{ if false { #expect(x) } }", "{ return; }", "{ /* #expect(x) */ }",
    ])
    func `a Swift test that does nothing is told`(_ body: String) {
        #expect(emptied(SwiftTests(), "import Testing\n@Test func a() \(body)\n") == ["a"])
    }

    @Test func `a Swift test that does something is no empty one`() {
        #expect(emptied(SwiftTests(), "@Test func a() { #expect(x) }\n@Test func b() {\n\n f()\n return\n}\n") == [])
    }

    // MARK: Python

    private let python = """
        import unittest, pytest

        def test_login():
            assert True

        async def test_async(client):
            assert await client.get("/")

        @pytest.fixture
        def test_data():
            return [1]

        def testimonials(): return 1

        class TestLogin:
            def test_a(self): assert 1
            def helper(self): pass
            def testB(self):
                def test_inner(): pass
                assert [
            1,
                ]
            def test_c(self): assert 2

        class LoginCase(unittest.TestCase):
            @unittest.mock.patch("x")
            def testD(self, x):
                '''def test_doc(): no'''
                self.assertTrue(x)

        class Helper:
            def test_not_collected(self): pass

        # def test_commented(): pass
        TEXT = \"\"\"
        def test_string():
            pass
        \"\"\"
        if False:
            def test_dead():
                assert 1
        """

    @Test func `what pytest and unittest would collect is found`() {
        let expected = ["test_login", "test_async", "test_a", "testB", "test_c", "testD"]
        #expect(tests(PythonTests(), python) == expected)
        #expect(tests(PythonTests(), python.replacing("\n", with: "\r\n")) == expected)
        #expect(tests(PythonTests(), python.replacing("    ", with: "\t")) == expected)
    }

    @Test(arguments: [
        ("unittest.skip", "@unittest.skip('later')"), ("unittest.skipIf", "@unittest.skipIf(True, 'x')"),
        ("unittest.expectedFailure", "@unittest.expectedFailure"), ("pytest.mark.skip", "@pytest.mark.skip"),
        ("pytest.mark.skipif", "@pytest.mark.skipif(True, reason='x')"), ("pytest.mark.xfail", "@pytest.mark.xfail"),
        ("pytest.mark.skip", "pytestmark = pytest.mark.skip"), ("pytest.skip", "    pytest.skip('x')"),
        ("self.skipTest", "    self.skipTest('x')"), ("unittest.SkipTest", "raise unittest.SkipTest('x')"),
        ("skip", "@skip('x')"), ("SkipTest", "raise SkipTest"), ("pytest.importorskip", "x = pytest.importorskip('x')"),
        ("__test__", "    __test__ = False"),
    ])
    func `Python's skip marks are found`(_ row: (mark: String, line: String)) {
        #expect(skips(PythonTests(), "import pytest\n\(row.line)\n") == [row.mark])
        #expect(skips(PythonTests(), "import pytest\n# \(row.line)\nx = \"\"\"\(row.line)\"\"\"\n") == [])
    }

    @Test(arguments: [
        "from unittest import skip, SkipTest", "rows.skip(5)", "skip = 3", "cursor.skip()", "s = 'pytest.skip(1)'",
        "__test__ = True",
    ])
    func `what resembles Python's skip marks passes`(_ line: String) {
        #expect(skips(PythonTests(), line + "\n") == [])
    }

    @Test(arguments: [
        " pass", "\n    pass", "\n    ...", "\n    \"\"\"Doc.\"\"\"", "\n    # assert x\n    pass",
        "\n    return\n    assert x",
        "\n    'doc'\n    return None", "\n    if False:\n        assert x",
    ])
    func `a Python test that does nothing is told`(_ body: String) {
        #expect(emptied(PythonTests(), "def test_a():\(body)\n\nx = 1\n") == ["test_a"])
        #expect(emptied(PythonTests(), "def test_a(x: dict = {1: 2}) -> None:\(body)\n") == ["test_a"])
    }

    @Test func `a Python test that does something is no empty one`() {
        #expect(
            emptied(PythonTests(), "def test_a(): assert 1\ndef test_b():\n    '''doc'''\n    assert x\n    return\n")
                == [])
    }

    @Test(arguments: [
        ("tests/test_a.py", true), ("a_test.py", true), ("tests.py", true), ("latest.py", false), ("src/app.py", false),
        ("test_a.pyi", false),
        ("conftest.py", false),
    ])
    func `Python's test files are known by their names`(_ row: (path: String, isTest: Bool)) {
        #expect(PythonTests().covers(RepoPath(row.path)) == row.isTest)
    }

    // MARK: JavaScript

    private let javaScript = """
        import { test } from 'vitest';
        describe('login', () => {
          it('works', async () => { expect(1).toBe(1); });
          test("says \\"no\\"", function () { expect(1).toBe(1); });
          it(`adds ${a + `x${'}'}`}`, () => expect(1).toBe(1));
          it.each([[1, 2], [3, 4]])('each %i', (a, b) => { expect(a).toBe(b); });
          it.each`
            a | b
            ${1} | ${2}
          `('template $a', ({ a }) => { expect(a).toBe(1); });
          test.concurrent('at once', { timeout: 5 }, async ({ page }) => { await page.goto('/'); });
          specify(name, () => { f(); });
          // it('commented', () => {});
          /* it('block', () => {}); */
          const s = "it('string', () => {})", r = /it('regex', "[/]/, d = a / b;
          if (/it\\(/.test('it(x)')) { t.test('no', f); }
          if (false) { it('dead', () => { f(); }); }
        });
        test.describe('suite', () => {});
        test.beforeEach(async () => {});
        function test() { submit(1); }
        """

    @Test func `tests of the JavaScript runners are found`() {
        let expected = [
            "works", "says \\\"no\\\"", "adds ${a + `x${'}'}`}", "each %i", "template $a", "at once", "name",
        ]
        #expect(tests(JavaScriptTests(), javaScript) == expected)
        #expect(emptied(JavaScriptTests(), javaScript) == [])
        #expect(skips(JavaScriptTests(), javaScript) == [])
    }

    @Test(arguments: [
        ("it.skip", "it.skip('a', () => { f(); });"), ("test.skip", "test.skip('a', f);"),
        ("describe.skip", "describe.skip('a', f);"),
        ("xit", "xit('a', f);"), ("xdescribe", "xdescribe('a', f);"), ("xtest", "xtest('a', f);"),
        ("it.only", "it.only('a', f);"),
        ("test.only", "test.only('a', f);"), ("describe.only", "describe.only('a', f);"), ("it.todo", "it.todo('a');"),
        ("fit", "fit('a', f);"), ("it.skip.each", "it.skip.each([1])('a', f);"),
        ("describe.concurrent.skip", "describe.concurrent.skip('a', f);"),
        ("test.skipIf", "test.skipIf(true)('a', f);"), ("test.fixme", "test.fixme('a', f);"),
        ("this.skip", "this.skip();"),
    ])
    func `JavaScript's skip marks are found`(_ row: (mark: String, line: String)) {
        #expect(skips(JavaScriptTests(), row.line) == [row.mark])
        #expect(skips(JavaScriptTests(), "// \(row.line)\nconst s = `\(row.line)`;\n/* \(row.line) */") == [])
    }

    @Test(arguments: [
        "queue.skip(1)", "const s = \"it.skip('a')\"", "a.it.skip('x')", "skip('a')", "fitness('a', f)",
        "edit.only('a')",
    ])
    func `what resembles JavaScript's skip marks passes`(_ line: String) {
        #expect(skips(JavaScriptTests(), line) == [])
    }

    @Test(arguments: [
        "it('a')", "it('a', () => {})", "it('a', async function () { })", "it('a', () => { // expect(x)\n })",
        "it('a', ({ page }) => { /* expect(x) */ })", "it('a', () => { return; expect(x); })",
        "it('a', () => { if (false) { expect(x); } })", "it('a', { timeout: 5 }, () => {})",
    ])
    func `a JavaScript test that does nothing is told`(_ line: String) {
        #expect(emptied(JavaScriptTests(), line) == ["a"])
    }

    @Test(arguments: [
        ("src/a.test.ts", true), ("a.spec.jsx", true), ("src/__tests__/a.js", true), ("test/a.mjs", true),
        ("src/a.ts", false),
        ("test.js", false), ("test/data.json", false), ("src/spec.helper.ts", false), ("a.spec.md", false),
    ])
    func `JavaScript's test files are known by their names`(_ row: (path: String, isTest: Bool)) {
        #expect(JavaScriptTests().covers(RepoPath(row.path)) == row.isTest)
    }

    // MARK: All

    @Test(.timeLimit(.minutes(1)), arguments: [0, 1, 2]) func `no text makes a finder fail or stall`(_ index: Int) {
        let language = TestLanguages.all[index]
        var random = Seeded(state: UInt64(index))
        let pieces = [
            "\"", "'", "`", "\"\"\"", "'''", "/", "/*", "*/", "//", "#", "\\", "\\(", "${", "{", "}", "(", ")", "[",
            "]", "\n", " ",
            "@Test", "func", "test", "it", ".skip", ".each", "def test_a", "class", "if false", "#if false", "#endif",
            "XCTest",
            "if False:", "=>", "function", ":", "async", "\u{E9}", ",", "return", "in",
        ]
        for _ in 0..<1000 {
            let text = (0..<30).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            _ = language.inventory(of: Array(text.utf8))
            _ = language.inventory(of: Array(text.utf8.prefix(7)))
        }
        for piece in pieces {
            _ = language.inventory(of: Array(("import XCTest\n" + String(repeating: piece, count: 1000)).utf8))
        }
        #expect(language.inventory(of: []) == TestInventory())
        #expect(language.inventory(of: [0, 0xFF, 0x0A]) == TestInventory())
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (0, "func "), (0, "func test() { "), (0, ".disabled( "), (1, ".skip"), (1, "__test__ "),
            (1, "\n if False:"),
            (2, "it(a "), (2, "it.skip('a'); "), (2, "if ("), (2, "= /x/ "), (2, "it('a', () => { "),
        ])
    func `no long line costs the square of its length`(_ row: (language: Int, piece: String)) {
        let language = TestLanguages.all[row.language]
        let short = Self.cost(language, row.piece, bytes: 4000)
        let long = Self.cost(language, row.piece, bytes: 24_000)
        // Six times the length: 6 when the cost is linear, 36 when it is the square. Far from both, so that other work on
        // the machine does not decide.
        #expect(long < max(short * 18, 0.02), "\(short) s became \(long) s")
    }

    /// The least of some runs in seconds of this thread's own time, because the machine has other work.
    private static func cost(_ language: any TestLanguage, _ piece: String, bytes: Int) -> Double {
        let source = Array(("import XCTest\n" + String(repeating: piece, count: bytes / piece.utf8.count)).utf8)
        let runs = (0..<2).map { _ in
            let start = threadTime()
            _ = language.inventory(of: source)
            return threadTime() - start
        }
        return runs.min() ?? 0
    }

    private static func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
