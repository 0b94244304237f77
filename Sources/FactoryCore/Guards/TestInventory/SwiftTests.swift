/// Tests of XCTest and Swift Testing.
package struct SwiftTests: TestLanguage {
    package let name = "Swift"

    package init() {}

    package func writes(_ path: RepoPath) -> Bool { path.bytes.suffix(6).elementsEqual(".swift".utf8) }
    package func covers(_ path: RepoPath) -> Bool { writes(path) }
    package func supports(_ path: RepoPath) -> Bool { false }
    package func masked(_ source: [UInt8]) -> MaskedSource { SwiftMask.masked(source) }

    /// Most files are product code: one look tells.
    package func mayHoldTests(_ source: [UInt8]) -> Bool {
        source.contains("Test")
            && (source.contains("XCT") || source.contains("@Test") || source.contains("import Testing"))
    }

    package func inventory(in masked: MaskedSource) -> TestInventory {
        let usesXCTest = masked.text.contains("XCTest")
        var blocks = SourceBlocks.braces(in: masked, handled: ["XCT", "throw", "Issue", "#expect", "#require", "fail"])
        for range in SwiftMask.branches(masked) { blocks.add(conditional: range) }
        var builder = InventoryBuilder(masked, blocks)
        var attribute: Int?
        var types: [(body: Range<Int>, inherits: Bool)] = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            if let mark = mark(word, masked) {
                let always = !mark.hasSuffix("If") && !mark.hasSuffix("Unless")
                builder.add(skip: mark, at: word.lowerBound, always: always, silencing: suite(at: word, masked))
            }
            if masked.has("@Test", at: word.lowerBound - 1), word.count == 4 {
                attribute = word.lowerBound - 1
            } else if masked.has("func", at: word.lowerBound), word.count == 4 {
                let function = function(from: index, masked)
                while let last = types.last, last.body.upperBound <= word.lowerBound { types.removeLast() }
                if let function {
                    let mayInherit = types.last?.inherits ?? true
                    add(function, at: word.lowerBound, attribute, usesXCTest && mayInherit, masked, to: &builder)
                }
                attribute = nil
                index = function?.parameters.lowerBound ?? index
            } else if masked.has("let ", at: word.lowerBound), word.count == 3 {
                addClosure(from: index, masked, to: &builder)
            } else if word.count <= 6, let type = type(word, masked) {
                types.append(type)
            }
        }
        return builder.inventory(with: SwiftAssertions.all(in: masked))
    }

    private func add(
        _ function: Function, at index: Int, _ attribute: Int?, _ usesXCTest: Bool, _ masked: MaskedSource,
        to builder: inout InventoryBuilder
    ) {
        guard attribute != nil || (usesXCTest && isXCTest(function, declaredAt: index, masked)) else {
            builder.add(helper: function.name, at: index, body: function.body)
            return
        }
        let start = attribute ?? index
        let isTable = masked.has("arguments", within: start..<index)
        builder.add(
            test: function.name, from: start, at: index, body: function.body, isTable: isTable,
            isConditional: masked.has(".enabled(if", within: start..<index))
    }

    /// The body of the type that a keyword declares, and whether it may inherit tests: extensions may.
    private func type(_ word: Range<Int>, _ masked: MaskedSource) -> (body: Range<Int>, inherits: Bool)? {
        let isClass = masked.has("class ", at: word.lowerBound) && !masked.has("class func", at: word.lowerBound)
        guard isClass || masked.has("struct ", at: word.lowerBound) || masked.has("enum ", at: word.lowerBound),
            let open = masked.near(UInt8(ascii: "{"), from: word.upperBound)
        else { return nil }
        let inherits = isClass && masked.code[word.upperBound..<open].contains(UInt8(ascii: ":"))
        return ((open + 1)..<max(open + 1, masked.closing(open)), inherits)
    }

    /// `let name = {`: what stands in it is claimed only where it is called.
    private func addClosure(from index: Int, _ masked: MaskedSource, to builder: inout InventoryBuilder) {
        guard let name = masked.word(from: index), masked.has("=", at: masked.skipSpace(name.upperBound)) else {
            return
        }
        let open = masked.skipSpace(masked.skipSpace(name.upperBound) + 1)
        guard masked.has("{", at: open) else { return }
        let close = masked.closing(open)
        // Called on the spot, it is no closure but a block.
        if masked.has("(", at: masked.skipSpace(close + 1)) { return }
        builder.add(helper: masked.codeText(name), at: index, body: (open + 1)..<max(open + 1, close))
    }

    /// The body of the suite whose attribute holds a mark.
    private func suite(at word: Range<Int>, _ masked: MaskedSource) -> Range<Int>? {
        guard masked.has("@Suite", within: masked.lineStart(word.lowerBound)..<word.lowerBound),
            let open = masked.near(UInt8(ascii: "{"), from: word.upperBound)
        else { return nil }
        return open..<max(open, masked.closing(open))
    }

    private static let declarations = Declarations(
        keywords: ["func", "struct", "class", "enum", "actor", "protocol", "var", "let", "case", "typealias"],
        entering: ["struct", "class", "enum", "actor", "protocol", "extension"], hiding: ["private", "fileprivate"])

    package func declarations(in masked: MaskedSource) -> Set<String> { Self.declarations.names(in: masked) }

    private struct Function {
        var name: String
        /// Between the parentheses.
        var parameters: Range<Int>
        /// Between parameters and body.
        var signature: Range<Int>
        /// Between the braces.
        var body: Range<Int>
    }

    /// The function whose name comes next, if it has a body.
    private func function(from index: Int, _ masked: MaskedSource) -> Function? {
        let start = masked.skipSpace(index)
        guard start < masked.code.count else { return nil }
        let quoted = masked.code[start] == UInt8(ascii: "`")
        let end =
            quoted
            ? masked.near(UInt8(ascii: "`"), from: start + 1) ?? start + 1 : masked.wordEnd(start)
        guard let open = masked.near(UInt8(ascii: "("), from: end) else { return nil }
        // The name of an operator is no word.
        let name = end > start ? masked.sourceText((quoted ? start + 1 : start)..<end) : masked.compact(start..<open)
        let close = masked.closing(open)
        guard let brace = masked.near(UInt8(ascii: "{"), from: close) else { return nil }
        return Function(
            name: name, parameters: (open + 1)..<max(open + 1, close), signature: close..<brace,
            body: (brace + 1)..<max(brace + 1, masked.closing(brace)))
    }

    /// XCTest runs methods named `test…` without parameters and result that it can see.
    private func isXCTest(_ function: Function, declaredAt index: Int, _ masked: MaskedSource) -> Bool {
        guard function.name.hasPrefix("test"),
            masked.skipSpace(function.parameters.lowerBound) >= function.parameters.upperBound
        else { return false }
        let signature = masked.codeText(function.signature)
        if signature.contains("->"), !signature.contains("Void") { return false }
        return !hasHidingModifier(before: index, masked)
    }

    /// Whether `private`, `static` or their like stands among the words right before a place on its line.
    private func hasHidingModifier(before index: Int, _ masked: MaskedSource) -> Bool {
        let line = masked.lineStart(index)
        var place = masked.code[line..<index].lastIndex { "{};".utf8.contains($0) } ?? line
        while let word = masked.word(from: place), word.upperBound <= index {
            place = word.upperBound
            if masked.has("private", at: word.lowerBound) || masked.has("fileprivate", at: word.lowerBound)
                || masked.has("static ", at: word.lowerBound) || masked.has("class ", at: word.lowerBound)
            {
                return true
            }
        }
        return false
    }

    /// The skip mark that an identifier is.
    private func mark(_ word: Range<Int>, _ masked: MaskedSource) -> String? {
        let start = word.lowerBound
        switch masked.code[start] {
        case UInt8(ascii: "X") where masked.has("XCTSkip", at: start) || masked.has("XCTExpectFailure", at: start):
            return masked.codeText(word)
        case UInt8(ascii: "w") where word.count == 14 && masked.has("withKnownIssue", at: start):
            return "withKnownIssue"
        case UInt8(ascii: "d") where word.count == 8 && masked.has(".disabled", at: start - 1):
            let next = masked.skipSpace(word.upperBound)
            return masked.has("(", at: next) || masked.has("{", at: next) ? ".disabled" : nil
        case UInt8(ascii: "e") where word.count == 7 && masked.has(".enabled", at: start - 1):
            let condition = masked.code[word.upperBound...].lazy.filter { !MaskedSource.isSpace($0) }.prefix(9)
            return condition.elementsEqual("(if:false".utf8) ? ".enabled(if: false)" : nil
        default: return nil
        }
    }
}
