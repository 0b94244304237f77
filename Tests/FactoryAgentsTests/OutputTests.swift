import FactoryAgents
import Testing

struct OutputTails {
    @Test func `escape sequences, control characters and broken encoding do not show`() {
        let bytes =
            Array("\u{1B}[1;31mred\u{1B}[0m \u{1B}]0;title\u{07}\u{1B}(Bx\u{08}\u{00}\u{7F}".utf8) + [0xFF, 0x0A]
        #expect(OutputTail.text(bytes) == "red x\u{FFFD}")
    }

    @Test func `marks that turn writing around go, even when hidden in each other`() {
        let nested: [UInt8] = [0xE2, 0x80, 0xE2, 0x80, 0xAE, 0xAE, 0xC2, 0x1B, 0x63, 0x9B]
        #expect(OutputTail.text(Array("a\u{202E}b\u{2066}c\u{85}d–é".utf8) + nested + [0x2E]) == "abcd–é.")
    }

    @Test func `of a line written over, the last writing stays`() {
        #expect(OutputTail.text(Array("10%\r50%\r100%\nnext\r\nlast\r".utf8)) == "100%\nnext\nlast")
    }

    @Test func `a sequence without an end costs its line at most`() {
        #expect(OutputTail.text(Array("a\u{1B}]0;never\nb\u{1B}[".utf8)) == "a\nb")
    }

    @Test func `only the last lines are kept, and whole ones`() {
        let bytes = Array((1...500).map { "line \($0)\n" }.joined().utf8)
        let lines = OutputTail.text(bytes).split(separator: "\n")
        #expect(lines.count == 80)
        #expect(lines.first == "line 421")
        #expect(OutputTail.text(bytes, maxBytes: 20) == "line 499\nline 500")
    }

    @Test func `a line that is longer than the limit is cut at a character`() {
        let text = OutputTail.text(Array(String(repeating: "é", count: 100_000).utf8))
        #expect(text.utf8.count == 16 << 10)
        #expect(text.allSatisfy { $0 == "é" })
    }

    @Test func `no output is no text`() {
        #expect(OutputTail.text([]).isEmpty)
        #expect(OutputTail.text(Array("\n \n".utf8)).isEmpty)
    }
}

struct FailingLinePicking {
    private func picked(_ text: String) -> [String] { FailingLines.extract(Array(text.utf8)) }

    @Test(arguments: [
        "src/a.c:3:5: error: expected ';'", "error[E0308]: mismatched types",
        "FAILED tests/test_a.py::test_b - KeyError",
        "E       assert 1 == 2", "not ok 3 - parses dates", "✘ Test dates() failed after 0.01 seconds.",
        "FAIL src/a.test.js",
        "AssertionError: 1 != 2", "panic: runtime error: index out of range", "sh: 1: frobnicate: command not found",
        "make: *** [Makefile:3: test] Error 1", "npm ERR! code ELIFECYCLE", "Segmentation fault (core dumped)",
        "a.swift:3:1: error: cannot find 'x' in scope", "test dates ... FAILED",
    ])
    func `a line of failure is picked`(line: String) {
        #expect(picked("building\n\(line)\ndone\n") == [line])
    }

    @Test(arguments: [
        "12 passed, 0 failed", "0 errors, 3 warnings", "ok 1 - failing is handled", "Compiling failure.c",
        "no errors found",
        "test result: ok. 3 passed; 0 failed; 0 ignored",
    ])
    func `a line of success is not`(line: String) {
        #expect(picked(line).isEmpty)
    }

    @Test func `ten failures are not none`() {
        #expect(picked("ERROR: 10 failed") == ["ERROR: 10 failed"])
    }

    @Test func `a traceback shows its last place and its reason`() {
        let text = """
            Traceback (most recent call last):
              File "a.py", line 1, in <module>
                b()
              File "b.py", line 7, in b
                return 1 / 0
            ZeroDivisionError: division by zero
            fine
            """
        #expect(picked(text) == [#"File "b.py", line 7, in b"#, "ZeroDivisionError: division by zero"])
    }

    @Test func `a line that announces its reason takes it along`() {
        #expect(
            picked("--- FAIL: TestDates (0.00s)\n    dates_test.go:12: got 1, want 2\nbye")
                == ["--- FAIL: TestDates (0.00s)", "dates_test.go:12: got 1, want 2"])
    }

    @Test func `many failures are bounded, with the first and the last among them`() {
        let lines = picked((1...5000).map { "error: number \($0)\n" }.joined())
        #expect(lines.count == 40)
        #expect(lines.first == "error: number 1")
        #expect(lines.last == "error: number 5000")
    }

    @Test func `the same line is shown once, and a long one is cut`() {
        let long = "error: " + String(repeating: "x", count: 5000)
        let lines = picked("error: a\nerror: a\n\u{1B}[31merror: a\u{1B}[0m\n\(long)")
        #expect(lines.count == 2)
        #expect(lines.last?.count == 400)
    }
}

struct Excerpts {
    private let long = Array(("a.c:1: error: bad\n" + (1...200).map { "line \($0)\n" }.joined()).utf8)

    @Test func `failing lines come before the end`() {
        let lines = Excerpt.text(long, failed: true).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.prefix(4) == ["a.c:1: error: bad", "", "[the end of the output]", "line 121"])
        #expect(lines.last == "line 200")
    }

    @Test func `what the end shows is not shown twice, and success has no failing lines`() {
        #expect(Excerpt.text(Array("ok\n  error: bad\n".utf8), failed: true) == "ok\n  error: bad")
        #expect(Excerpt.text(long, failed: false).hasPrefix("line 121\n"))
    }
}
