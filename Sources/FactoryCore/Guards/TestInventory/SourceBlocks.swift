/// The parts of a source in which an assertion may not be reached, or its failure may not be heard.
struct SourceBlocks {
    /// The insides of branches.
    private(set) var conditional: [Range<Int>] = []
    /// What stands under a handler that does nothing.
    private(set) var swallowing: [Range<Int>] = []
    /// What stands behind an unconditional return.
    private(set) var dead: [Range<Int>] = []

    func isDead(_ index: Int) -> Bool { dead.contains { $0.contains(index) } }
    func isSwallowed(_ index: Int) -> Bool { swallowing.contains { $0.contains(index) } }

    /// Whether a branch that begins behind `start` holds a place.
    func isConditional(_ index: Int, since start: Int) -> Bool {
        conditional.contains { $0.lowerBound > start && $0.contains(index) }
    }

    mutating func add(conditional range: Range<Int>) { conditional.append(range) }

    // MARK: Languages with braces

    /// The blocks of a language with braces; `handled` are words by which a handler passes a failure on.
    static func braces(in masked: MaskedSource, handled: [StaticString]) -> SourceBlocks {
        var blocks = SourceBlocks()
        var owners: [(keyword: String, range: Range<Int>)] = []
        for index in masked.code.indices where masked.code[index] == UInt8(ascii: "{") {
            while let last = owners.last, last.range.upperBound <= index { owners.removeLast() }
            let range = (index + 1)..<max(index + 1, min(masked.closing(index), masked.code.count))
            let keyword = Self.keyword(before: index, masked)
            owners.append((keyword, range))
            switch keyword {
            case "if", "else", "catch": blocks.conditional.append(range)
            case "try", "do":
                if blocks.swallows(after: range, masked, handled) { blocks.swallowing.append(range) }
            default: break
            }
        }
        blocks.findReturns(masked, handled)
        blocks.findEmptyCatches(masked)
        blocks.findForgottenPromises(masked)
        return blocks
    }

    /// The keyword that a block belongs to, or nothing.
    private static func keyword(before brace: Int, _ masked: MaskedSource) -> String {
        let far = max(0, brace - MaskedSource.reach)
        let start = masked.code[far..<brace].lastIndex { "{};".utf8.contains($0) }.map { $0 + 1 } ?? far
        var found = ""
        var index = start
        while let word = masked.word(from: index), word.upperBound <= brace {
            let isHash = word.lowerBound > 0 && masked.has("#", at: word.lowerBound - 1)
            index = word.upperBound
            guard word.count <= 6, !isHash, "iectdwfs".utf8.contains(masked.code[word.lowerBound]) else { continue }
            let text = masked.codeText(word)
            let isLast = masked.skipSpace(word.upperBound) == brace
            guard leads(word.lowerBound, from: start, masked) || text == "else" && isLast else { continue }
            if text == "try", !isLast { continue }
            if keywords.contains(text) { found = text }
        }
        if masked.code[start..<brace].suffix(3).contains(UInt8(ascii: ">")), found != "if" { return "" }
        return found
    }

    private static let keywords: Set<String> = ["if", "else", "catch", "try", "do", "for", "while", "func", "switch"]

    /// Whether a word stands first on its line or in its statement, or right before the brace.
    private static func leads(_ index: Int, from start: Int, _ masked: MaskedSource) -> Bool {
        let before = masked.code[start..<index].last { $0 != 32 && $0 != 9 }
        return before == nil || before == 10 || before == UInt8(ascii: ")")
            || masked.has("else ", at: index - 5)
    }

    /// Whether the handler behind a block hears nothing.
    private func swallows(after range: Range<Int>, _ masked: MaskedSource, _ handled: [StaticString]) -> Bool {
        let next = masked.skipSpace(range.upperBound + 1)
        guard masked.has("catch", at: next), let open = masked.near(UInt8(ascii: "{"), from: next) else { return false }
        let body = open..<min(masked.closing(open), masked.code.count)
        return !handled.contains { masked.has($0, within: body.prefix(10 * MaskedSource.reach)) }
    }

    private mutating func addReturn(
        at index: Int, in brace: Int, _ outer: Int?, _ masked: MaskedSource, _ handled: [StaticString]
    ) {
        let end = min(masked.closing(brace), masked.code.count)
        switch Self.keyword(before: brace, masked) {
        case "", "func": dead.append(index..<max(index, end))
        case "if", "else":
            // Who fails before he leaves hides nothing.
            guard let outer, !handled.contains(where: { masked.has($0, within: brace..<index) }) else { return }
            let outerEnd = min(masked.closing(outer), masked.code.count)
            if end < outerEnd { conditional.append(end..<outerEnd) }
        default: break
        }
    }

    /// `return` without a value: what follows in its function is never executed, or only under a condition.
    private mutating func findReturns(_ masked: MaskedSource, _ handled: [StaticString]) {
        var open: [Int] = []
        for index in masked.code.indices {
            switch masked.code[index] {
            case UInt8(ascii: "{"): open.append(index)
            case UInt8(ascii: "}"): open.removeLast(min(1, open.count))
            case UInt8(ascii: "r"):
                guard masked.has("return", at: index), masked.wordEnd(index) == index + 6,
                    index == 0 || !MaskedSource.isWord(masked.code[index - 1]), let brace = open.last,
                    let next = masked.code[(index + 6)...].first(where: { $0 != 32 && $0 != 9 && $0 != 13 }),
                    next == 10 || "};".utf8.contains(next)
                else { continue }
                addReturn(at: index, in: brace, open.dropLast().last, masked, handled)
            default: break
            }
        }
    }

    /// `.catch(() => {})` behind a promise.
    private mutating func findEmptyCatches(_ masked: MaskedSource) {
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard word.count == 5, masked.has(".catch", at: word.lowerBound - 1),
                let open = masked.near(UInt8(ascii: "("), from: index),
                let brace = masked.near(UInt8(ascii: "{"), from: open), brace < masked.closing(open),
                masked.skipSpace(brace + 1) == masked.closing(brace)
            else { continue }
            let far = max(0, word.lowerBound - 10 * MaskedSource.reach)
            let start = masked.code[far..<word.lowerBound].lastIndex(of: UInt8(ascii: ";")) ?? far
            swallowing.append(start..<word.lowerBound)
        }
    }

    /// `.then(…)` whose promise nothing waits for: its block may run when the test is over.
    private mutating func findForgottenPromises(_ masked: MaskedSource) {
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard word.count == 4, masked.has(".then(", at: word.lowerBound - 1) else { continue }
            let block = word.upperBound..<max(word.upperBound, min(masked.closing(word.upperBound), masked.code.count))
            let start = Self.statementStart(before: word.lowerBound, masked)
            let first = masked.skipSpace(start)
            let waits: [StaticString] = ["await", "return", "const", "let", "yield", "var"]
            let before = masked.code[max(0, start - 1)]
            guard before != UInt8(ascii: ">"), before != UInt8(ascii: "("), before != UInt8(ascii: ","),
                !waits.contains(where: { masked.has($0, at: first) }),
                !masked.has("done", within: block.prefix(10 * MaskedSource.reach)),
                masked.code[start..<word.lowerBound].firstIndex(of: UInt8(ascii: "=")) == nil
            else { continue }
            swallowing.append(block)
        }
    }

    /// Where the statement of a place begins: behind what opens a block, ends a statement or makes it a value.
    private static func statementStart(before index: Int, _ masked: MaskedSource) -> Int {
        var depth = 0
        var place = index
        let far = max(0, index - 10 * MaskedSource.reach)
        while place > far {
            switch masked.code[place - 1] {
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth += 1
            case UInt8(ascii: "("), UInt8(ascii: "["):
                if depth == 0 { return place }
                depth -= 1
            case UInt8(ascii: "}"), UInt8(ascii: "{"), UInt8(ascii: ";"), UInt8(ascii: ","):
                if depth == 0 { return place }
            case UInt8(ascii: ">") where depth == 0 && masked.has("=>", at: place - 2): return place
            default: break
            }
            place -= 1
        }
        return place
    }

    // MARK: Languages with indentation

    /// The blocks of Python.
    static func indented(_ lines: [PythonLine], in masked: MaskedSource) -> SourceBlocks {
        var blocks = SourceBlocks()
        for (number, line) in lines.enumerated() {
            let inner = { lines[(number + 1)...].prefix { $0.indent > line.indent } }
            let opens = { (word: StaticString) in line.opens(with: word, in: masked) }
            if opens("if"), masked.compact(line.range).hasSuffix(":return") {
                let rest = lines[(number + 1)...].prefix { $0.indent >= line.indent }
                if let end = rest.last?.end { blocks.conditional.append(line.end..<end) }
            } else if opens("if") || opens("elif") || opens("else") || opens("except") {
                // The rest of the line counts too: the branch may stand on it.
                blocks.conditional.append((line.start + 1)..<(inner().last?.end ?? line.end))
            } else if opens("try") {
                let block = inner()
                let handler = lines[(number + 1 + block.count)...]
                if let end = block.last?.end, Self.swallows(handler, at: line.indent, masked) {
                    blocks.swallowing.append(line.start..<end)
                }
            } else if opens("with"), masked.has("suppress(", within: line.range) {
                if Self.isBroad(line, masked), let end = inner().last?.end {
                    blocks.swallowing.append(line.end..<end)
                }
            } else if opens("return"), [6, 10].contains(masked.compact(line.range).count) {
                blocks.addReturn(number, lines, masked)
            }
        }
        return blocks
    }

    /// A bare return kills the rest of its function when it stands right under the function's head.
    private mutating func addReturn(_ number: Int, _ lines: [PythonLine], _ masked: MaskedSource) {
        let line = lines[number]
        let head = lines[..<number].suffix(200).last { $0.indent < line.indent }
        guard let head else { return }
        if head.name(after: "def", in: masked) != nil {
            let rest = lines[(number + 1)...].prefix { $0.indent >= line.indent }
            if let end = rest.last?.end { dead.append(line.start..<end) }
        } else if head.opens(with: "if", in: masked) {
            let rest = lines[(number + 1)...].prefix { $0.indent >= head.indent }
            if let end = rest.last?.end { conditional.append(line.end..<end) }
        }
    }

    private static func swallows(_ rest: ArraySlice<PythonLine>, at indent: Int, _ masked: MaskedSource) -> Bool {
        var isSilent = false
        for (number, line) in rest.enumerated().prefix(50) where line.indent <= indent {
            guard line.indent == indent, line.opens(with: "except", in: masked) else { break }
            guard isBroad(line, masked) else { continue }
            let body = rest.dropFirst(number + 1).prefix { $0.indent > indent }
            let heard: [StaticString] = ["raise", "assert", "fail(", "exit("]
            isSilent = !([line] + body).contains { part in heard.contains { masked.has($0, within: part.range) } }
        }
        return isSilent
    }

    /// Whether failures of assertions are among what a line catches.
    private static func isBroad(_ line: PythonLine, _ masked: MaskedSource) -> Bool {
        masked.has("Exception", within: line.range) || masked.has("AssertionError", within: line.range)
            || masked.compact(line.range).hasPrefix("except:")
    }
}

extension PythonLine {
    /// Whether a keyword opens the line.
    func opens(with keyword: StaticString, in masked: MaskedSource) -> Bool {
        masked.has(keyword, at: start) && masked.wordEnd(start) == start + keyword.utf8CodeUnitCount
    }
}

extension MaskedSource {
    /// The code of a range without white space, bounded.
    func compact(_ range: Range<Int>) -> String {
        String(decoding: code[range].prefix(Self.reach).filter { !Self.isSpace($0) }, as: UTF8.self)
    }
}
