/// Tests of pytest and unittest: what their default discovery would run.
package struct PythonTests: TestLanguage {
    package let name = "Python"

    package init() {}

    package func writes(_ path: RepoPath) -> Bool { path.name.hasSuffix(".py") }

    package func covers(_ path: RepoPath) -> Bool {
        let name = path.name
        return name.hasSuffix(".py") && (name.hasPrefix("test") || name.hasSuffix("_test.py"))
    }

    package func supports(_ path: RepoPath) -> Bool {
        writes(path) && (path.name == "conftest.py" || TestPaths.isUnderTests(path))
    }

    package func mayHoldTests(_ source: [UInt8]) -> Bool { true }
    package func masked(_ source: [UInt8]) -> MaskedSource { PythonMask.masked(source) }

    package func inventory(in masked: MaskedSource) -> TestInventory {
        let lines = PythonLine.all(in: masked)
        var builder = InventoryBuilder(masked, SourceBlocks.indented(lines, in: masked))
        addFunctions(lines, masked, to: &builder)
        addSkips(lines, masked, to: &builder)
        return builder.inventory(with: PythonAssertions.all(lines, in: masked))
    }

    /// Functions and classes, and the members of classes; what stands in a function is its own.
    package func declarations(in masked: MaskedSource) -> Set<String> {
        var names: Set<String> = []
        var functions: [Int] = []
        for line in PythonLine.all(in: masked) {
            while let indent = functions.last, indent >= line.indent { functions.removeLast() }
            let function = line.name(after: "def", in: masked)
            if functions.isEmpty, let name = function ?? line.name(after: "class", in: masked) { names.insert(name) }
            if function != nil { functions.append(line.indent) }
        }
        return names
    }

    // MARK: Tests

    /// A class or function that the current line may be in.
    private struct Scope {
        var indent: Int
        /// A class whose methods are collected.
        var collects: Bool
    }

    private func addFunctions(_ lines: [PythonLine], _ masked: MaskedSource, to builder: inout InventoryBuilder) {
        var scopes: [Scope] = []
        var decorators: [PythonLine] = []
        let hidden = hiddenByName(lines, masked)
        for (number, line) in lines.enumerated() {
            while let scope = scopes.last, scope.indent >= line.indent { scopes.removeLast() }
            if masked.has("@", at: line.start) {
                decorators.append(line)
                continue
            }
            if let name = line.name(after: "def", in: masked) {
                let body = bodyRange(of: number, lines, masked)
                if !decorators.contains(where: { masked.has("fixture", within: $0.range) }),
                    isTest(name, in: scopes.last), !hidden.contains(line.start)
                {
                    builder.add(
                        test: name, from: decorators.first?.start ?? line.start, at: line.start, body: body,
                        isTable: decorators.contains { masked.has("parametrize", within: $0.range) })
                } else if let body {
                    builder.add(helper: name, at: line.start, body: body)
                }
                scopes.append(Scope(indent: line.indent, collects: false))
            } else if masked.has("= lambda", within: line.range.prefix(MaskedSource.reach)),
                let name = masked.word(from: line.start)
            {
                builder.add(helper: masked.codeText(name), at: line.start, body: name.upperBound..<line.end)
            } else if let name = line.name(after: "class", in: masked) {
                let collects = name.hasPrefix("Test") || masked.has("(", within: line.range)
                scopes.append(Scope(indent: line.indent, collects: collects))
            }
            decorators = []
        }
    }

    /// Where functions begin whose name a later one of the same class or module takes.
    private func hiddenByName(_ lines: [PythonLine], _ masked: MaskedSource) -> Set<Int> {
        var hidden: Set<Int> = []
        var last: [String: (start: Int, indent: Int)] = [:]
        for line in lines {
            if let earliest = last.values.map(\.indent).max(), earliest > line.indent {
                last = last.filter { $0.value.indent <= line.indent }
            }
            guard let name = line.name(after: "def", in: masked), name.hasPrefix("test") else { continue }
            if let earlier = last[name], earlier.indent == line.indent { hidden.insert(earlier.start) }
            last[name] = (line.start, line.indent)
        }
        return hidden
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
        "load_tests",
    ]
    /// The bytes that a mark's last name may begin with: most words end here.
    private static let initials = (0...255).map { byte in
        always.union(["skip", "__test__"]).contains { $0.utf8.first == UInt8(byte) }
    }
    private static let libraries: Set<String> = ["unittest", "pytest", "mark", "ut", "pt"]

    private func addSkips(_ lines: [PythonLine], _ masked: MaskedSource, to builder: inout InventoryBuilder) {
        for (number, line) in lines.enumerated()
        where line.name(after: "import", in: masked) == nil && line.name(after: "from", in: masked) == nil {
            var index = line.start
            while let word = masked.word(from: index), word.upperBound <= line.end {
                index = word.upperBound
                guard let mark = mark(word, masked) else { continue }
                let asks = ["skipif", "skipIf", "skipUnless", "importorskip"].contains { mark.hasSuffix($0) }
                builder.add(
                    skip: mark, at: word.lowerBound, always: !asks, silencing: suite(of: number, lines, masked))
            }
        }
    }

    /// What a mark silences that stands at a class or at the top of a module.
    private func suite(of number: Int, _ lines: [PythonLine], _ masked: MaskedSource) -> Range<Int>? {
        let line = lines[number]
        if masked.has("pytestmark", at: line.start), line.indent == 0 { return 0..<masked.code.count }
        guard masked.has("@", at: line.start) else { return nil }
        let rest = lines[number...].drop { masked.has("@", at: $0.start) }
        guard let head = rest.first, head.name(after: "class", in: masked) != nil else { return nil }
        let inner = rest.dropFirst().prefix { $0.indent > head.indent }
        return inner.last.map { head.start..<$0.end }
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
