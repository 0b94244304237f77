/// Tests of Jest, Vitest, Mocha, Jasmine and their kin, in JavaScript and TypeScript.
package struct JavaScriptTests: TestLanguage {
    package let name = "JavaScript"

    package init() {}

    private static let extensions: Set<String> = ["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts"]
    private static let directories: Set<String> = ["__tests__", "test", "tests", "spec"]

    package func writes(_ path: RepoPath) -> Bool {
        Self.extensions.contains(path.name.split(separator: ".").last.map(String.init) ?? "")
    }

    package func supports(_ path: RepoPath) -> Bool { writes(path) && TestPaths.isUnderTests(path) }
    package func mayHoldTests(_ source: [UInt8]) -> Bool { true }
    package func masked(_ source: [UInt8]) -> MaskedSource { JavaScriptMask.masked(source) }

    package func covers(_ path: RepoPath) -> Bool {
        let parts = path.parts
        let name = (parts.last ?? "").split(separator: ".").map(String.init)
        guard let last = name.last, Self.extensions.contains(last) else { return false }
        return name.dropFirst().contains("test") || name.dropFirst().contains("spec")
            || parts.dropLast().contains { Self.directories.contains($0) }
    }

    private static let tests: Set<String> = ["it", "test", "specify", "xit", "xtest", "xspecify", "fit", "ftest"]
    private static let suites: Set<String> = [
        "describe", "context", "suite", "xdescribe", "xcontext", "xsuite", "fdescribe", "fcontext",
    ]
    /// The bytes that such a name may begin with: most words end here.
    private static let initials = (0...255).map { byte in
        tests.union(suites).contains { $0.utf8.first == UInt8(byte) }
    }
    private static let modifiers: Set<String> = [
        "skip", "only", "todo", "fixme", "failing", "fails", "skipIf", "runIf", "each", "for", "concurrent",
        "sequential", "serial", "parallel",
    ]
    private static let skipping: Set<String> = ["skip", "only", "todo", "fixme", "failing", "fails", "skipIf"]

    package func inventory(in masked: MaskedSource) -> TestInventory {
        let handled: [StaticString] = ["throw", "expect", "assert", "fail", "done(", "reject", "exit(1"]
        var builder = InventoryBuilder(masked, SourceBlocks.braces(in: masked, handled: handled))
        let redefined = redefinitions(in: masked)
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard word.count <= 9 else { continue }
            if masked.has("this.skip", at: word.lowerBound), word.count == 4 {
                builder.add(skip: "this.skip", at: word.lowerBound, always: true)
            }
            if masked.has("function", at: word.lowerBound) || masked.has("const", at: word.lowerBound) {
                addHelper(word, masked, to: &builder)
            }
            guard let call = call(word, masked), !redefined.contains(call.names[0]) else { continue }
            let end = max(call.open, min(masked.closing(call.open), masked.code.count))
            if call.isSkipped {
                builder.add(
                    skip: call.title, at: word.lowerBound, always: call.names.last != "skipIf",
                    silencing: call.isTest ? nil : word.lowerBound..<end)
            }
            if call.isTest, let (name, body) = arguments(of: call, masked) {
                let isTable = call.names.contains("each") || call.names.contains("for")
                builder.add(
                    test: name, from: word.lowerBound, at: word.lowerBound, body: body, isTable: isTable)
            }
        }
        return builder.inventory(with: JavaScriptAssertions.all(in: masked))
    }

    /// Names of test functions that the source gives to functions of its own.
    private func redefinitions(in masked: MaskedSource) -> Set<String> {
        masked.names(after: ["const", "let", "var"]).intersection(Self.tests.union(Self.suites)).filter { name in
            [" = (", " = async (", " = function", " = _"].contains {
                masked.text.containsAnchor(Array((name + $0).utf8))
            }
        }
    }

    /// `function name(…) {` and `const name = (…) => {`.
    private func addHelper(_ keyword: Range<Int>, _ masked: MaskedSource, to builder: inout InventoryBuilder) {
        let isFunction = keyword.count == 8
        guard keyword.count == 5 || isFunction, let name = masked.word(from: keyword.upperBound),
            name.lowerBound - keyword.upperBound <= 2, let open = masked.near(UInt8(ascii: "("), from: name.upperBound)
        else { return }
        let close = min(masked.closing(open) + 1, masked.code.count)
        let between = masked.compact(name.upperBound..<open)
        guard isFunction || between == "=" || between == "=async" else { return }
        var start = masked.skipSpace(close)
        if !isFunction {
            guard masked.has("=>", at: start) else { return }
            start = masked.skipSpace(start + 2)
            if !masked.has("{", at: start) {
                let end = masked.near(UInt8(ascii: ";"), from: start) ?? min(masked.lineEnd(start), masked.code.count)
                builder.add(helper: masked.codeText(name), at: name.lowerBound, body: start..<max(start, end))
                return
            }
        } else if let brace = masked.near(UInt8(ascii: "{"), from: close) {
            start = brace
        }
        guard masked.has("{", at: start) else { return }
        builder.add(
            helper: masked.codeText(name), at: name.lowerBound,
            body: (start + 1)..<max(start + 1, masked.closing(start)))
    }

    private static let declarations = Declarations(
        keywords: ["function", "class", "const", "let", "var", "interface", "type", "enum"],
        entering: ["namespace", "module"], publishing: "export")

    package func declarations(in masked: MaskedSource) -> Set<String> { Self.declarations.names(in: masked) }

    private struct Call {
        var names: [String]
        /// The parenthesis that opens the arguments with the test's name.
        var open: Int
        var title: String { names.joined(separator: ".") }
        /// `fit` and `only` skip all the others.
        var isSkipped: Bool {
            names[0].hasPrefix("x") || names[0].hasPrefix("f") || names.dropFirst().contains { skipping.contains($0) }
        }
        var isTest: Bool { tests.contains(names[0]) && names.dropFirst().allSatisfy { modifiers.contains($0) } }
    }

    /// The call of a test or suite function that starts with a word, such as `it.skip.each(…)(`.
    private func call(_ word: Range<Int>, _ masked: MaskedSource) -> Call? {
        guard Self.initials[Int(masked.code[word.lowerBound])] else { return nil }
        let first = masked.codeText(word)
        guard Self.tests.contains(first) || Self.suites.contains(first),
            masked.byteBefore(word.lowerBound) != UInt8(ascii: "."), !isDeclared(word, masked)
        else { return nil }
        var names = [first]
        var index = masked.skipSpace(word.upperBound)
        while masked.has(".", at: index) {
            let start = masked.skipSpace(index + 1)
            let end = masked.wordEnd(start)
            guard end > start else { return nil }
            names.append(masked.codeText(start..<end))
            index = masked.skipSpace(end)
            if ["each", "for", "skipIf", "runIf"].contains(names[names.count - 1]) {
                index = masked.skipSpace(tableEnd(index, masked))
            }
        }
        return masked.has("(", at: index) ? Call(names: names, open: index) : nil
    }

    private func isDeclared(_ word: Range<Int>, _ masked: MaskedSource) -> Bool {
        masked.has("function ", at: word.lowerBound - 9)
    }

    /// The place behind the table of `each`: arguments or a template.
    private func tableEnd(_ index: Int, _ masked: MaskedSource) -> Int {
        if masked.has("(", at: index) { return min(masked.closing(index) + 1, masked.code.count) }
        guard masked.has("`", at: index) else { return index }
        return masked.code[(index + 1)...].firstIndex(of: UInt8(ascii: "`")).map { $0 + 1 } ?? masked.code.count
    }

    /// The test's name and what it executes; nil when there is no name.
    private func arguments(of call: Call, _ masked: MaskedSource) -> (name: String, body: Range<Int>?)? {
        let close = masked.closing(call.open)
        let start = masked.skipSpace(call.open + 1)
        guard start < close else { return nil }
        let quote = masked.code[start]
        var end = start
        var name = ""
        if "\"'`".utf8.contains(quote) {
            end = min(masked.near(quote, from: start + 1) ?? start + MaskedSource.reach, close)
            name = masked.sourceText((start + 1)..<max(start + 1, end))
        } else {
            end = min(masked.near(UInt8(ascii: ","), from: start) ?? start + MaskedSource.reach, close)
            name = masked.sourceText(start..<end)
        }
        return name.isEmpty ? nil : (name, body(in: min(end + 1, close)..<close, masked))
    }

    /// What the function among the arguments executes; nil when there is none.
    private func body(in arguments: Range<Int>, _ masked: MaskedSource) -> Range<Int>? {
        var index = masked.skipSpace(arguments.lowerBound)
        if masked.has(",", at: index) { index = masked.skipSpace(index + 1) }
        guard index < arguments.upperBound else { return nil }
        let arrow = (index..<arguments.upperBound).prefix(MaskedSource.reach).first {
            masked.has("=>", at: $0) || masked.has("function", at: $0)
        }
        guard let arrow else { return index..<arguments.upperBound }
        var start = masked.skipSpace(arrow + 2)
        if !masked.has("=>", at: arrow) {
            guard let open = masked.near(UInt8(ascii: "("), from: arrow) else { return nil }
            start = masked.skipSpace(min(masked.closing(open) + 1, masked.code.count))
        }
        guard masked.has("{", at: start) else { return start..<max(start, arguments.upperBound) }
        return (start + 1)..<max(start + 1, masked.closing(start))
    }
}
