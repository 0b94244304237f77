import FactoryCore
import Testing

@Suite struct TestGuardTests {
    private let python = "def test_a():\n    assert f(1) == 2\n\ndef test_b():\n    assert f(2) == 3\n"
    private let javaScript = "it('a', () => { expect(f(1)).toBe(2); });\nit('b', () => { expect(f(2)).toBe(3); });\n"
    private let swift = """
        import Testing
        @Test func a() { #expect(f(1) == 2) }
        @Test func b() { #expect(f(2) == 3) }

        """

    private func deleted(_ files: FileChange...) -> [String] {
        DeletedTest().judge(Change(files: files), in: context).map(\.message)
    }

    private func skipped(_ files: FileChange...) -> [String] {
        SkippedTest().judge(Change(files: files), in: context).map { "\($0.line ?? 0) \($0.message)" }
    }

    // MARK: What must trip

    @Test func `a test that is gone trips with its path and name`() {
        #expect(
            deleted(file("test_a.py", python, "def test_a():\n    assert f(1) == 2\n"))
                == ["the Python test `test_b` of test_a.py, line 4 before, is gone (T1)"])
        #expect(
            deleted(file("a.test.ts", javaScript, "it('b', () => { expect(f(2)).toBe(3); });\n"))
                == ["the JavaScript test `a` of a.test.ts, line 1 before, is gone (T1)"])
        #expect(
            deleted(file("Tests/A.swift", swift, swift.replacing("@Test func a", with: "func a")))
                == ["the Swift test `a` of Tests/A.swift, line 2 before, is gone (T1)"])
    }

    @Test func `a deleted file trips for each of its tests, the last one included`() {
        #expect(deleted(file("test_a.py", python, nil)).count == 2)
        #expect(deleted(file("test_a.py", python, "")).count == 2)
        #expect(deleted(file("Tests/A.swift", swift, "import Testing\n")).count == 2)
    }

    @Test func `a file that no runner looks into any more trips for its tests`() {
        #expect(deleted(file("test_a.py", python, nil), file("checks_a.py", nil, python)).count == 2)
        #expect(deleted(file("a.test.js", javaScript, nil), file("src/a.old.js", nil, javaScript)).count == 2)
    }

    @Test func `one of two tests of the same name trips`() {
        let twice =
            "describe('x', () => { it('a', () => { f(); }) });\ndescribe('y', () => { it('a', () => { g(); }) });\n"
        #expect(deleted(file("a.spec.js", twice, "describe('x', () => { it('a', () => { f(); }) });\n")).count == 1)
    }

    @Test func `a renamed test with another body trips`() {
        #expect(
            deleted(
                file(
                    "test_a.py", python,
                    python.replacing("test_b():\n    assert f(2) == 3", with: "test_c():\n    assert 1"))
            ).count == 1)
    }

    @Test func `tests that are commented out are gone`() {
        let commented = javaScript.split(separator: "\n").map { "// \($0)" }.joined(separator: "\n")
        #expect(deleted(file("a.test.js", javaScript, commented)).count == 2)
        #expect(deleted(file("A.swift", swift, "#if false\n\(swift)#endif\n")).count == 2)
        #expect(deleted(file("test_a.py", python, "'''\n\(python)'''\n")).count == 2)
    }

    @Test func `a new skip mark trips with its line`() {
        #expect(
            skipped(file("test_a.py", python, python.replacing("def test_b", with: "@pytest.mark.skip\ndef test_b")))
                == ["4 test_a.py keeps tests from counting with `pytest.mark.skip` (T3)"])
        #expect(
            skipped(file("a.test.js", javaScript, javaScript.replacing("it('b'", with: "it.only('b'")))
                == ["2 a.test.js keeps tests from counting with `it.only` (T3)"])
        #expect(
            skipped(file("A.swift", swift, swift.replacing("@Test func b", with: "@Test(.disabled(\"flaky\")) func b")))
                == ["3 A.swift keeps tests from counting with `.disabled` (T3)"])
        #expect(skipped(file("A.swift", nil, "import XCTest\nfunc f() throws { throw XCTSkip() }\n")).count == 1)
    }

    @Test func `a skipped test is not also a deleted one`() {
        #expect(deleted(file("a.test.js", javaScript, javaScript.replacing("it('b'", with: "xit('b'"))) == [])
    }

    @Test func `a skip that moves to another test trips`() {
        let before = "it.skip('a', () => { f(); });\nit('b', () => { g(); });\n"
        let after = "it('a', () => { f(); });\nit.skip('b', () => { g(); });\n"
        #expect(skipped(file("a.test.js", before, after)).count == 1)
    }

    @Test func `a body that was emptied trips`() {
        #expect(
            skipped(file("a.test.js", javaScript, javaScript.replacing("expect(f(2)).toBe(3);", with: "")))
                == ["2 the JavaScript test `b` of a.test.js does nothing any more (T3)"])
        #expect(
            skipped(file("test_a.py", python, python.replacing("assert f(2) == 3", with: "pass # later"))).count == 1)
        #expect(
            skipped(file("A.swift", swift, swift.replacing("{ #expect(f(2)", with: "{ return\n #expect(f(2)"))).count
                == 1)
        #expect(
            skipped(
                file("test_a.py", python, nil),
                file("test_c.py", nil, python.replacing("assert f(2) == 3", with: "..."))
            ).count == 1)
    }

    // MARK: What must pass

    @Test func `moving tests between files passes`() {
        #expect(deleted(file("test_a.py", python, nil), file("unit/test_c.py", nil, python)) == [])
        #expect(deleted(file("A.swift", swift, nil), file("B.swift", nil, swift)) == [])
        let parts = javaScript.split(separator: "\n").map { String($0) + "\n" }
        #expect(deleted(file("a.test.js", javaScript, parts[0]), file("b.test.js", nil, parts[1])) == [])
    }

    @Test func `renaming a test whose body stays passes`() {
        #expect(deleted(file("test_a.py", python, python.replacing("test_b", with: "test_three_follows_two"))) == [])
        #expect(deleted(file("a.test.js", javaScript, javaScript.replacing("'b'", with: "'three follows two'"))) == [])
        #expect(deleted(file("A.swift", swift, swift.replacing("func b", with: "func `three follows two`"))) == [])
    }

    @Test func `adding tests, changing assertions and reformatting pass`() {
        let rows: [(String, String, String)] = [
            ("test_a.py", python, python + "def test_c(): assert 1\n"),
            ("test_a.py", python, python.replacing("== 3", with: "== 4")),
            ("test_a.py", python, python.replacing("\n", with: "\r\n")),
            ("test_a.py", python, python.replacing("    ", with: "\t")),
            ("A.swift", swift, "import Testing\n@Suite struct S {\n\(swift)}\n"),
            ("a.test.js", javaScript, "describe('all', () => {\n\(javaScript)});\n"),
            ("a.test.js", javaScript, String(javaScript.dropLast())),
            ("test_a.py", "", python), ("a.test.js", "// nothing yet", javaScript),
        ]
        for (path, before, after) in rows {
            #expect(deleted(file(path, before, after)) == [], "\(after)")
            #expect(skipped(file(path, before, after)) == [], "\(after)")
        }
    }

    @Test func `deleting and changing product code passes`() {
        let rows: [(String, String, String?)] = [
            ("src/app.py", "def test_connection():\n    return 1\n", nil),
            ("src/run.ts", "export const it = (a, b) => b;\nit('x', () => {});\n", nil),
            ("Sources/App/Probe.swift", "struct Probe { func testConnection() { open() } }\n", nil),
            ("Sources/App/View.swift", "let v = Text(\"x\")\n", "let v = Text(\"x\").disabled(true)\n"),
            ("docs/testing.md", "it('works', () => {})\ndef test_a(): pass\n@Test func a() {}\n", nil),
            ("src/text.js", "", "const hint = \"use it.skip to skip\";\n"),
            ("a.test.js", "const hint = 'x';\n", "const hint = \"use it.skip('x') to skip\";\n"),
            ("A.swift", swift + "func testData() -> Data { Data() }\n", swift),
        ]
        for (path, before, after) in rows {
            #expect(deleted(file(path, before, after)) == [], "\(path)")
            #expect(skipped(file(path, before, after)) == [], "\(path)")
        }
    }

    @Test func `marks that were there, that move or that go pass`() {
        let marked = "@pytest.mark.skip(reason='x')\ndef test_a():\n    assert 1\n"
        #expect(skipped(file("test_a.py", marked, marked + "\ndef test_b(): assert 1\n")) == [])
        #expect(skipped(file("test_a.py", marked, nil), file("test_c.py", nil, marked)) == [])
        #expect(skipped(file("test_a.py", marked, "def test_a():\n    assert 1\n")) == [])
    }

    @Test func `an empty test that is new or was empty passes`() {
        #expect(skipped(file("a.test.js", nil, "it('later', () => {});\n")) == [])
        #expect(skipped(file("a.test.js", "it('later', () => {});\n", "\nit('later', () => { });\n")) == [])
    }

    @Test func `broken encoding and binary content are judged like any other`() {
        let broken = FileChange(
            path: RepoPath("test_a.py"), before: version([0xFF, 0x0A] + Array(python.utf8)),
            after: version(Array(python.utf8) + [0xE9, 0, 0x0A]))
        #expect(DeletedTest().judge(Change(files: [broken]), in: context) == [])
    }

    @Test func `moving any tests to any files loses none, and losing any is told`() {
        var random = Seeded(state: 21)
        for _ in 0..<100 {
            let names = (0..<6).map { "test_\($0)" }
            let source = { (names: [String]) in
                names.map { "def \($0)():\n    assert f('\($0)')\n" }.joined(separator: "\n")
            }
            let split = Int.random(in: 0...6, using: &random)
            let shuffled = names.shuffled(using: &random)
            let lost = Int.random(in: 0...2, using: &random)
            let kept = shuffled.dropLast(lost)
            let objections = deleted(
                file("test_a.py", source(names), source(Array(kept.prefix(split)))),
                file("test_b.py", nil, source(Array(kept.dropFirst(split)))))
            #expect(objections.count == lost)
        }
    }
}
