/// Tests of pytest and unittest: what their default discovery would run.
package struct PythonTests: TestLanguage {
    package let name = "Python"

    package init() {}

    package func covers(_ path: RepoPath) -> Bool {
        let name = path.name
        return name.hasSuffix(".py") && (name.hasPrefix("test") || name.hasSuffix("_test.py"))
    }

    package func inventory(of source: [UInt8]) -> TestInventory {
        var masked = PythonMask.masked(source)
        let lines = PythonLine.all(in: masked)
        return TestInventory(tests: tests(lines, &masked), skips: skips(lines, masked))
    }

    // MARK: Tests

    /// A class or function that the current line may be in.
    private struct Scope {
        var indent: Int
        /// A class whose methods are collected.
        var collects: Bool
    }

    private func tests(_ lines: [PythonLine], _ masked: inout MaskedSource) -> [TestCase] {
        var tests: [TestCase] = []
        var scopes: [Scope] = []
        var isFixture = false
        for (number, line) in lines.enumerated() {
            while let scope = scopes.last, scope.indent >= line.indent { scopes.removeLast() }
            if masked.has("@", at: line.start) {
                if masked.codeText(line.range).contains("fixture") { isFixture = true }
                continue
            }
            defer { isFixture = false }
            let words = line.words(in: masked)
            guard let keyword = words.first, keyword == "class" || keyword == "def", words.count > 1 else { continue }
            let hasBases = masked.codeText(line.range).contains("(")
            if keyword == "def", !isFixture, isTest(words[1], in: scopes.last) {
                let body = bodyRange(of: number, lines, masked)
                tests.append(masked.test(words[1], at: line.start, body: body))
            }
            scopes.append(
                Scope(indent: line.indent, collects: keyword == "class" && (hasBases || words[1].hasPrefix("Test"))))
        }
        return tests
    }

    /// Functions need `test_`; methods may also be named `testThing`, as unittest has it.
    private func isTest(_ name: String, in scope: Scope?) -> Bool {
        guard let scope else { return name.hasPrefix("test_") }
        return scope.collects && name.hasPrefix("test")
    }

    /// The statements of the function that starts on a line; nil when none of them does anything.
    private func bodyRange(of number: Int, _ lines: [PythonLine], _ masked: MaskedSource) -> Range<Int>? {
        let head = lines[number]
        let parameters =
            masked.code[head.range].firstIndex(of: UInt8(ascii: "(")).map { masked.closing($0) } ?? head.start
        let colon = masked.code[min(parameters, head.end)..<head.end].firstIndex(of: UInt8(ascii: ":")) ?? head.end - 1
        let inner = lines[(number + 1)...].prefix { $0.indent > head.indent }
        let ranges = [(colon + 1)..<head.end] + inner.map(\.range)
        let statements = ranges.map { range in
            masked.codeText(range).filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        }
        let first = statements.first { !["", "pass", "..."].contains($0) }
        guard let first, first != "return", first != "returnNone" else { return nil }
        return (colon + 1)..<(inner.last?.end ?? head.end)
    }

    // MARK: Skips

    private static let always: Set<String> = [
        "skipTest", "SkipTest", "skipIf", "skipUnless", "skipif", "xfail", "expectedFailure", "importorskip",
    ]
    private static let libraries: Set<String> = ["unittest", "pytest", "mark", "ut", "pt"]

    private func skips(_ lines: [PythonLine], _ masked: MaskedSource) -> [SkipMark] {
        var masked = masked
        return lines.flatMap { line -> [SkipMark] in
            let words = line.words(in: masked)
            if words.first == "import" || words.first == "from" { return [] }
            var marks: [SkipMark] = []
            var index = line.start
            while let word = masked.word(from: index), word.upperBound <= line.end {
                let path = dottedName(from: word.lowerBound, masked)
                index = path.end
                if let mark = mark(path.names, isDecorator: masked.has("@", at: word.lowerBound - 1)) {
                    marks.append(masked.skip(mark, at: word.lowerBound))
                }
            }
            if masked.codeText(line.range).filter({ $0 != " " }) == "__test__=False" {
                marks.append(masked.skip("__test__ = False", at: line.start))
            }
            return marks
        }
    }

    private func mark(_ names: [String], isDecorator: Bool) -> String? {
        guard let last = names.last, Self.always.contains(last) || last == "skip" else { return nil }
        if last == "skip", !isDecorator, !Self.libraries.contains(names[max(0, names.count - 2)]) { return nil }
        return names.joined(separator: ".")
    }

    private func dottedName(from start: Int, _ masked: MaskedSource) -> (names: [String], end: Int) {
        var end = masked.wordEnd(start)
        var names = [masked.codeText(start..<end)]
        while masked.has(".", at: end), masked.wordEnd(end + 1) > end + 1 {
            let next = masked.wordEnd(end + 1)
            names.append(masked.codeText((end + 1)..<next))
            end = next
        }
        return (names, end)
    }
}
