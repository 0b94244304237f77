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
        return TestInventory(tests: tests(lines, &masked), skips: skips(lines, &masked))
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
                isFixture = isFixture || masked.has("fixture", within: line.range)
                continue
            }
            if let name = line.name(after: "def", in: masked) {
                if !isFixture, isTest(name, in: scopes.last) {
                    tests.append(masked.test(name, at: line.start, body: bodyRange(of: number, lines, masked)))
                }
                scopes.append(Scope(indent: line.indent, collects: false))
            } else if let name = line.name(after: "class", in: masked) {
                let collects = name.hasPrefix("Test") || masked.has("(", within: line.range)
                scopes.append(Scope(indent: line.indent, collects: collects))
            }
            isFixture = false
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
        let ranges = CollectionOfOne((colon + 1)..<head.end).lazy + inner.lazy.map(\.range)
        let first = ranges.lazy.map { self.essence($0, masked) }.first { !["", "pass", "..."].contains($0) }
        guard let first, first != "return", first != "returnNone" else { return nil }
        return (colon + 1)..<(inner.last?.end ?? head.end)
    }

    /// A statement without white space and without strings, or as much of it as tells whether it does anything.
    private func essence(_ statement: Range<Int>, _ masked: MaskedSource) -> String {
        let bytes = masked.code[statement].lazy.filter { !MaskedSource.isSpace($0) && !"\"'".utf8.contains($0) }
        return String(decoding: Array(bytes.prefix(12)), as: UTF8.self)
    }

    // MARK: Skips

    private static let always: Set<String> = [
        "skipTest", "SkipTest", "skipIf", "skipUnless", "skipif", "xfail", "expectedFailure", "importorskip",
    ]
    /// The bytes that a mark's last name may begin with: most words end here.
    private static let initials = (0...255).map { byte in
        always.union(["skip", "__test__"]).contains { $0.utf8.first == UInt8(byte) }
    }
    private static let libraries: Set<String> = ["unittest", "pytest", "mark", "ut", "pt"]

    private func skips(_ lines: [PythonLine], _ masked: inout MaskedSource) -> [SkipMark] {
        var marks: [SkipMark] = []
        for line in lines
        where line.name(after: "import", in: masked) == nil && line.name(after: "from", in: masked) == nil {
            var index = line.start
            while let word = masked.word(from: index), word.upperBound <= line.end {
                index = word.upperBound
                guard let mark = mark(word, masked) else { continue }
                marks.append(masked.skip(mark, at: word.lowerBound))
            }
        }
        return marks
    }

    /// The skip mark that ends with an identifier, with all its dots.
    private func mark(_ word: Range<Int>, _ masked: MaskedSource) -> String? {
        guard Self.initials[Int(masked.code[word.lowerBound])] else { return nil }
        let last = masked.codeText(word)
        if last == "__test__" {
            return essence(word.upperBound..<min(word.upperBound + 8, masked.code.count), masked).hasPrefix("=False")
                ? last : nil
        }
        guard Self.always.contains(last) || last == "skip" else { return nil }
        var start = word.lowerBound
        while start > max(0, word.lowerBound - MaskedSource.reach),
            MaskedSource.isWord(masked.code[start - 1]) || masked.code[start - 1] == UInt8(ascii: ".")
        {
            start -= 1
        }
        let path = masked.codeText(start..<word.upperBound)
        let isDecorator = masked.has("@", at: start - 1)
        if last == "skip", !isDecorator, !Self.libraries.contains(where: { path.hasSuffix("\($0).skip") }) {
            return nil
        }
        return path
    }
}
