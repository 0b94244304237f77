/// Tests of XCTest and Swift Testing.
package struct SwiftTests: TestLanguage {
    package let name = "Swift"

    package init() {}

    package func covers(_ path: RepoPath) -> Bool { path.bytes.suffix(6).elementsEqual(".swift".utf8) }

    package func inventory(of source: [UInt8]) -> TestInventory {
        // Most files are product code: one look tells.
        guard source.contains("Test") else { return TestInventory() }
        let usesXCTest = source.contains("XCTest")
        guard usesXCTest || source.contains("@Test") || source.contains("import Testing") else {
            return TestInventory()
        }
        var masked = SwiftMask.masked(source)
        var inventory = TestInventory()
        var marked = false
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            if let mark = mark(word, masked) { inventory.skips.append(masked.skip(mark, at: word.lowerBound)) }
            if masked.has("@Test", at: word.lowerBound - 1), word.count == 4 {
                marked = true
            } else if masked.has("func", at: word.lowerBound), word.count == 4 {
                let function = function(from: index, masked)
                if let function, marked || (usesXCTest && isXCTest(function, declaredAt: word.lowerBound, masked)) {
                    inventory.tests.append(masked.test(function.name, at: word.lowerBound, body: function.body))
                }
                marked = false
                index = function?.parameters.lowerBound ?? index
            }
        }
        return inventory
    }

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
        let name = masked.sourceText((quoted ? start + 1 : start)..<end)
        guard let open = masked.near(UInt8(ascii: "("), from: end) else { return nil }
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
